import { useTranslation } from 'react-i18next';
import type { BackupManifest } from '../../../../shared/model/backup.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Hex } from '../../ui/Hex.tsx';

/** What is in a backup, in words. */
export function BackupFacts({ manifest, file }: { readonly manifest: BackupManifest; readonly file: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { at, operator, projects, devices, certificates, authorities } = manifest;
  return (
    <Facts
      facts={[
        { term: t('safety.facts.made'), value: t('safety.facts.by', { date: format.dateTime(at), operator }) },
        {
          term: t('safety.facts.holds'),
          value: [
            t('safety.facts.projects', { count: projects }),
            t('safety.facts.devices', { count: devices }),
            t('safety.facts.certificates', { count: certificates }),
          ].join(', '),
        },
        ...authorities.map(({ name, fingerprint }) => ({
          term: t('safety.facts.fingerprint', { name }),
          wide: true,
          value: <Hex value={fingerprint} what={t('safety.facts.fingerprint', { name })} />,
        })),
        { term: t('safety.facts.file'), wide: true, value: file },
      ]}
    />
  );
}
