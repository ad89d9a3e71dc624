import '@mantine/core/styles/SegmentedControl.css';
import '@mantine/core/styles/FloatingIndicator.css';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { languages } from '../../../../shared/model/settings.ts';
import { autoLockMinutesChoices } from '../../../../shared/model/vault.ts';
import { useAction } from '../../bridge/action.ts';
import { changeSettings, useLoadedSession } from '../../bridge/session.ts';
import { languageNames } from '../../locales/i18n.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { AboutPanel } from './AboutPanel.tsx';
import { Choice } from './Choice.tsx';
import { DefaultsPanel } from './DefaultsPanel.tsx';
import css from './Settings.module.css';

const themes = ['system', 'light', 'dark'] as const;
const contrasts = ['system', 'high'] as const;

export function SettingsPage({ vaultFile }: { readonly vaultFile: string }) {
  const { t } = useTranslation();
  const { settings, version } = useLoadedSession();
  const change = useAction(changeSettings);
  return (
    <div className={css.page}>
      <PageHeader page={t('settings.page')} title={t('settings.page')} lead={t('settings.lead')} />
      {change.error && <ErrorPanel error={change.error} />}
      <Panel title={t('settings.appearance')} className={css.panel}>
        <Choice
          label={t('settings.theme.label')}
          value={settings.theme}
          options={themes.map((theme) => ({ value: theme, label: t(`settings.theme.${theme}`) }))}
          onChange={(theme) => void change.run({ theme })}
        />
        <Choice
          label={t('settings.contrast.label')}
          hint={t('settings.contrast.hint')}
          value={settings.contrast}
          options={contrasts.map((contrast) => ({ value: contrast, label: t(`settings.contrast.${contrast}`) }))}
          onChange={(contrast) => void change.run({ contrast })}
        />
        <Choice
          label={t('settings.language.label')}
          value={settings.language}
          options={[
            { value: 'system', label: t('settings.language.system') },
            ...languages.map((language) => ({ value: language, label: languageNames[language] })),
          ]}
          onChange={(language) => void change.run({ language })}
        />
      </Panel>
      <DefaultsPanel />
      <Panel title={t('settings.safety')} className={css.panel}>
        <Choice
          label={t('settings.autoLock.label')}
          hint={t('settings.autoLock.hint')}
          value={settings.autoLockMinutes}
          options={autoLockMinutesChoices.map((minutes) => ({
            value: minutes,
            label: t('settings.autoLock.minutes', { count: minutes }),
          }))}
          onChange={(autoLockMinutes) => void change.run({ autoLockMinutes })}
        />
      </Panel>
      <Panel title={t('safety.page')}>
        <p className={css.text}>{t('safety.lead')}</p>
        <Button component="a" variant="default" href={hrefOf('backup')}>
          {t('safety.open')}
        </Button>
      </Panel>
      <AboutPanel version={version} vaultFile={vaultFile} />
    </div>
  );
}
