import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useCall } from '../../bridge/queries.ts';
import field from '../../ui/Field.module.css';
import { Field } from '../../ui/Field.tsx';

export type Found = CallOutput<'device.list'>['rows'][number];

/** The devices whose name begins or goes on like this, and the one that is called exactly so. */
export function useDevice(projectId: number, text: string): { rows: readonly Found[]; exact: Found | undefined; known: boolean } {
  const [settled] = useDebouncedValue(text.trim(), 120);
  const found = useCall('device.list', { projectId, search: settled, limit: 20 }, { keepPrevious: true });
  const rows = found.data?.rows ?? [];
  const exact = rows.find(({ id }) => id.toLowerCase() === text.trim().toLowerCase());
  return { rows, exact, known: found.data !== undefined && settled === text.trim() };
}

interface Props {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly suggestions: readonly string[];
}

/** A device's id, with suggestions while one types. */
export function DeviceField({ suggestions, value, onChange, ...frame }: Props) {
  const list = useId();
  return (
    <Field {...frame}>
      {(aria) => (
        <>
          <input
            {...aria}
            className={field.input}
            data-mono
            list={list}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
          <datalist id={list}>
            {suggestions.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
