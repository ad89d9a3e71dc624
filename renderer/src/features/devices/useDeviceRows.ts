import { useThrottledValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { CertificateState } from '../../../../shared/model/certificate.ts';
import { callOptions, useCall } from '../../bridge/queries.ts';
import type { EndSpan } from './end-span.ts';
import { pageOf, pageSize, pagesOf } from './paging.ts';

export type DeviceRow = CallOutput<'device.list'>['rows'][number];

interface Filter {
  readonly projectId: number;
  readonly search: string;
  readonly state: CertificateState | undefined;
  readonly ends: EndSpan;
}

/** While somebody scrolls fast, ms between two looks at what is in view: most pages passed by are never asked for. */
const lookInterval = 100;

/**
 * Rows of a list of any length: only the pages in view are fetched. The first page is always there, because it knows
 * the total; while a search changes it stays until the new one has come, so that nothing flickers.
 */
export function useDeviceRows({ projectId, search, state, ends }: Filter) {
  const [view, setView] = useState({ first: 0, last: 0 });
  const settled = useThrottledValue(view, lookInterval);
  const inputOf = (page: number) => ({
    projectId,
    search,
    ...(state ? { state } : {}),
    ...ends,
    offset: page * pageSize,
    limit: pageSize,
  });
  const first = useCall('device.list', inputOf(0), { keepPrevious: true });
  // a list of other devices begins at its top, and only once it is there: making the table anew for rows that leave again
  // would cost a stroke a frame or two
  const wanted = JSON.stringify([projectId, search, state, ends]);
  const [shown, setShown] = useState(wanted);
  if (shown !== wanted && !first.isPlaceholderData) setShown(wanted);
  const pages = pagesOf(settled.first, settled.last).filter((page) => page !== 0);
  const others = useQueries({ queries: pages.map((page) => callOptions('device.list', inputOf(page))) });
  const loaded = useMemo(() => {
    const byPage = new Map<number, readonly DeviceRow[]>();
    if (first.data) byPage.set(0, first.data.rows);
    pages.forEach((page, index) => {
      const rows = others[index]?.data?.rows;
      if (rows) byPage.set(page, rows);
    });
    return byPage;
  }, [first.data, pages, others]);
  const failed = [first, ...others].filter((query) => query.isError);
  return {
    /** Changes with the devices that are shown, not with every look at them. */
    list: shown,
    total: first.data?.total ?? null,
    error: failed[0]?.error ?? null,
    retry: () => {
      for (const query of failed) void query.refetch();
    },
    /** undefined = not loaded yet */
    rowAt: useCallback((index: number): DeviceRow | undefined => loaded.get(pageOf(index))?.[index % pageSize], [loaded]),
    /** Says which rows are on screen. */
    want: useCallback((firstIndex: number, lastIndex: number) => {
      setView((old) => (old.first === firstIndex && old.last === lastIndex ? old : { first: firstIndex, last: lastIndex }));
    }, []),
  };
}
