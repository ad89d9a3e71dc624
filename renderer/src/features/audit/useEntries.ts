import { useThrottledValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { AuditEntry, AuditFilter } from '../../../../shared/model/audit.ts';
import { callOptions, useCall } from '../../bridge/queries.ts';

/** Entries of one request. */
const pageSize = 200;
/** ms between two looks at what is in view: most pages passed by while scrolling are never asked for. */
const lookInterval = 100;

/** The entries that match, of any number: only the pages in view are fetched. */
export function useEntries(filter: AuditFilter) {
  const [view, setView] = useState({ first: 0, last: 0 });
  const settled = useThrottledValue(view, lookInterval);
  const inputOf = (page: number) => ({ ...filter, offset: page * pageSize, limit: pageSize });
  const first = useCall('audit.list', inputOf(0), { keepPrevious: true });
  const from = Math.floor(settled.first / pageSize);
  const to = Math.floor(settled.last / pageSize);
  const pages = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((page) => page !== 0);
  const others = useQueries({ queries: pages.map((page) => callOptions('audit.list', inputOf(page))) });
  const loaded = useMemo(() => {
    const byPage = new Map<number, readonly AuditEntry[]>();
    if (first.data) byPage.set(0, first.data.rows);
    pages.forEach((page, index) => {
      const rows = others[index]?.data?.rows;
      if (rows) byPage.set(page, rows);
    });
    return byPage;
  }, [first.data, pages, others]);
  const failed = [first, ...others].filter((query) => query.isError);
  return {
    total: first.data?.total ?? null,
    error: failed[0]?.error ?? null,
    retry: () => {
      for (const query of failed) void query.refetch();
    },
    /** undefined = not loaded yet */
    rowAt: useCallback(
      (index: number): AuditEntry | undefined => loaded.get(Math.floor(index / pageSize))?.[index % pageSize],
      [loaded],
    ),
    /** Says which rows are on screen. */
    want: useCallback((firstIndex: number, lastIndex: number) => {
      setView((old) => (old.first === firstIndex && old.last === lastIndex ? old : { first: firstIndex, last: lastIndex }));
    }, []),
  };
}
