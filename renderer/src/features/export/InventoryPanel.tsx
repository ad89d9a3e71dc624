import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type InventoryFormat, type InventorySecrets, inventoryFormats } from '../../../../shared/model/inventory.ts';
import { usesPasswords } from '../../../../shared/rules/password.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import css from './Export.module.css';

/** The same devices for those who set up machines by Ansible or Terraform. Passwords stay out unless somebody asks for them. */
export function InventoryPanel({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const overview = useCall('project.overview', { projectId });
  const [format, setFormat] = useState<InventoryFormat>('ansible-yaml');
  const [chosen, setSecrets] = useState<InventorySecrets>('none');
  const [passphrase, setPassphrase] = useState('');
  const [saved, setSaved] = useState<{ file: string; devices: number } | null>(null);
  const broker = overview.data?.broker;
  const passwords = broker != null && usesPasswords(broker.kit);
  const possible = (['none', 'vault', 'plain'] as const).filter((each) => each !== 'vault' || format !== 'terraform');
  const secrets = passwords && possible.includes(chosen) ? chosen : 'none';
  const save = useAction(async () => {
    const secret = secrets === 'vault' ? { passphrase } : {};
    setSaved(await call('inventory.write', { projectId, format, secrets, ...secret }));
    setPassphrase('');
  });
  return (
    <div className={css.page}>
      <Panel>
        <Fold summary={t('credentials.inventory.title')}>
          <div className={css.stack}>
            <p className={css.small}>{t('credentials.inventory.lead')}</p>
            <div className={css.pair}>
              <SelectField
                label={t('credentials.inventory.format')}
                value={format}
                options={inventoryFormats.map((value) => ({ value, label: t(`credentials.inventory.formats.${value}`) }))}
                onChange={setFormat}
              />
              {passwords && (
                <SelectField
                  label={t('credentials.inventory.secrets')}
                  value={secrets}
                  options={possible.map((value) => ({ value, label: t(`credentials.inventory.secret.${value}`) }))}
                  onChange={setSecrets}
                />
              )}
            </div>
            {secrets === 'plain' && (
              <Note tone="due" icon={IconAlertTriangle}>
                {t('credentials.inventory.plain')}
              </Note>
            )}
            {secrets === 'vault' && (
              <PassphraseField
                label={t('credentials.inventory.passphrase')}
                value={passphrase}
                onChange={setPassphrase}
                autoComplete="new-password"
              />
            )}
            <div>
              <Button
                variant="default"
                disabled={secrets === 'vault' && passphrase === ''}
                loading={save.pending}
                onClick={() => void save.run()}
              >
                {t('credentials.inventory.save')}
              </Button>
            </div>
            <div role="status">
              {saved && (
                <Note tone="ok" icon={IconCheck} title={t('credentials.inventory.saved', { count: saved.devices })}>
                  <p className="mono">{saved.file}</p>
                </Note>
              )}
            </div>
            {save.error && <ErrorPanel error={save.error} />}
          </div>
        </Fold>
      </Panel>
    </div>
  );
}
