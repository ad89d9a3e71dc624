import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isReservedName } from '../../../../shared/rules/host.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Note } from '../../ui/Note.tsx';
import { type Draft, namesOf } from './draft.ts';

/** Names that lead nowhere (RFC 2606): not wrong, for a name server of one's own may know them, but never meant by accident. */
export function ReservedNames({ draft, children }: { readonly draft: Draft; readonly children?: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = namesOf(draft).filter(isReservedName);
  if (names.length === 0) return null;
  return (
    <Note tone="due" icon={IconAlertTriangle} title={t('wizard.where.reserved', { names: format.list(names) })}>
      <p>{t('wizard.where.reservedText')}</p>
      {children}
    </Note>
  );
}
