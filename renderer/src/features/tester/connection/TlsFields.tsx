import { IconShieldOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { tlsMinimums, trustChoices } from '../../../../../shared/model/own-connection.ts';
import { SelectField, TextField, Tick } from '../../../ui/Field.tsx';
import { Note } from '../../../ui/Note.tsx';
import { TagField } from '../../../ui/TagField.tsx';
import css from './Connection.module.css';
import type { PartProps } from './ConnectionEditor.tsx';
import type { StoredConnection } from './connection-draft.ts';
import { FilesField } from './FilesField.tsx';
import type { ChosenFiles } from './use-files.ts';

interface Props extends PartProps {
  readonly chosen: ChosenFiles;
  readonly kept: StoredConnection['authorities'];
}

/** Whom the broker's certificate is checked against, and what is asked for. Not to verify is said in red. */
export function TlsFields({ draft, change, wrong, chosen, kept }: Props) {
  const { t } = useTranslation();
  const { tls } = draft;
  const set = (part: Partial<typeof tls>) => change({ tls: { ...tls, ...part } });
  const error = wrong('tls.ca');
  return (
    <div className={css.stack}>
      <SelectField
        label={t('connections.editor.trust')}
        value={tls.trust}
        options={trustChoices.map((value) => ({ value, label: t(`connections.editor.trusts.${value}`) }))}
        onChange={(trust) => set({ trust })}
        error={chosen.files.length === 0 && error}
      />
      {tls.trust === 'file' && (
        <FilesField
          title={t('connections.editor.authorityDrop')}
          text={t('connections.editor.authorityDropText')}
          chosen={chosen}
          kept={kept}
          keyHere={null}
        />
      )}
      <Tick
        label={t('connections.editor.verify')}
        hint={t('connections.editor.verifyHint')}
        checked={tls.verify}
        onChange={(verify) => set({ verify })}
      />
      {!tls.verify && (
        <Note tone="bad" icon={IconShieldOff} title={t('connections.editor.unverifiedTitle')}>
          <p>{t('connections.editor.unverified')}</p>
        </Note>
      )}
      <div className={css.two}>
        <SelectField
          label={t('connections.editor.minimum')}
          value={tls.minimum}
          options={tlsMinimums.map((value) => ({ value, label: value.replace('TLSv', 'TLS ') }))}
          onChange={(minimum) => set({ minimum })}
        />
        <TextField
          label={t('connections.editor.serverName')}
          value={tls.serverName}
          onChange={(serverName) => set({ serverName: serverName.trim() })}
          error={wrong('tls.serverName')}
          hint={t('connections.editor.serverNameHint')}
          mono
        />
      </div>
      <TagField
        label={t('connections.editor.alpn')}
        values={tls.alpn}
        onChange={(alpn) => set({ alpn })}
        check={() => []}
        hint={t('connections.editor.alpnHint')}
      />
    </div>
  );
}
