// biome-ignore-all lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row of chips
import '@mantine/core/styles/CloseButton.css';
import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type CertificateState, certificateStates } from '../../../../shared/model/certificate.ts';
import type { FleetByState } from '../../../../shared/model/project.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { iconOf } from '../../ui/StatePill.tsx';
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
  readonly state: CertificateState | undefined;
  readonly onState: (state: CertificateState | undefined) => void;
}

export function StateChips({ fleet, state, onState }: StatesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = fleet && certificateStates.reduce((sum, each) => sum + fleet[each], 0);
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
    </div>
  );
}
