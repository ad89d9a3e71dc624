import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './Settings.module.css';

export function AboutPanel({ version, vaultFile }: { readonly version: string; readonly vaultFile: string }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('settings.about.title')}>
      <Facts
        facts={[
          { term: t('settings.about.version'), value: version },
          { term: t('settings.about.licence'), value: t('settings.about.mit') },
          {
            term: t('settings.about.vault'),
            wide: true,
            value: (
              <span className={css.path}>
                <span className="mono">{vaultFile}</span>
                <CopyButton text={vaultFile} what={t('settings.about.vaultName')} />
              </span>
            ),
          },
        ]}
      />
    </Panel>
  );
}
