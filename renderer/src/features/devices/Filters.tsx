// biome-ignore-all lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row of chips
import '@mantine/core/styles/CloseButton.css';
import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type CertificateState, certificateStates } from '../../../../shared/model/certificate.ts';
import type { FleetByState } from '../../../../shared/model/project.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { iconOf } from '../../ui/StatePill.tsx';
import { type EndSpan, type Within, withinChoices } from './end-span.ts';
import css from './Filters.module.css';

interface SearchProps {
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

export function Search({ search, onSearch }: SearchProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      className={css.search ?? ''}
      type="search"
      aria-label={t('devices.search')}
      placeholder={t('devices.searchHint')}
      value={search}
      onChange={(event) => onSearch(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && onSearch('')}
      maxLength={200}
      spellCheck={false}
      leftSection={<IconSearch size={20} stroke={1.7} aria-hidden />}
      rightSection={search !== '' && <CloseButton size={40} aria-label={t('devices.clearSearch')} onClick={() => onSearch('')} />}
      rightSectionPointerEvents="all"
    />
  );
}

interface StatesProps {
  readonly fleet: FleetByState | undefined;
  /** All devices, also those of a damaged vault that count for no state. */
  readonly total: number | undefined;
  readonly state: CertificateState | undefined;
  readonly onState: (state: CertificateState | undefined) => void;
  readonly within: Within | undefined;
  readonly ends: EndSpan;
  readonly onWithin: (within: Within | undefined) => void;
}

export function StateChips({ fleet, total, state, onState, within, ends, onWithin }: StatesProps) {
  const { t } = useTranslation();
  const format = useFormat();

  return (
    <div className={css.chips} role="group" aria-label={t('devices.filter')}>
      <button type="button" aria-pressed={state === undefined} onClick={() => onState(undefined)}>
        {t('devices.all')} {total !== undefined && <b>{format.number(total)}</b>}
      </button>
      {certificateStates.map((each) => {
        const Sign = iconOf[each];
        return (
          <button
            key={each}
            type="button"
            aria-pressed={each === state}
            onClick={() => onState(each === state ? undefined : each)}
          >
            <Sign size={16} stroke={2} aria-hidden />
            {t(`common.state.${each}`)} {fleet && <b>{format.number(fleet[each])}</b>}
          </button>
        );
      })}
      <Ends within={within} ends={ends} onWithin={onWithin} />
    </div>
  );
}

type EndsProps = Pick<StatesProps, 'within' | 'ends' | 'onWithin'>;

/** When the certificate ends: days from now, or the weeks that were chosen in the calendar. */
function Ends({ within, ends, onWithin }: EndsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const span = within === undefined && (ends.endsFrom ?? ends.endsBefore) !== undefined;
  return (
    <label className={css.ends} data-chosen={within !== undefined || span || undefined}>
      <span>{t('devices.ends.label')}</span>
      <select
        value={within ?? (span ? 'span' : 'any')}
        onChange={(event) => onWithin(withinChoices.find((each) => String(each) === event.currentTarget.value))}
      >
        <option value="any">{t('devices.ends.any')}</option>
        {withinChoices.map((each) => (
          <option key={each} value={each}>
            {t('devices.ends.within', { count: each })}
          </option>
        ))}
        {span && (
          <option value="span">
            {t('devices.ends.span', {
              from: ends.endsFrom === undefined ? '…' : format.date(ends.endsFrom),
              to: ends.endsBefore === undefined ? '…' : format.date(ends.endsBefore - 1),
            })}
          </option>
        )}
      </select>
    </label>
  );
}
