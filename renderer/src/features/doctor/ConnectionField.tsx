import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { hrefOf } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { type Choice, withConnection } from './choice.ts';
import css from './Doctor.module.css';

interface Props {
  readonly projectId: number;
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
  readonly missing: boolean;
}

/** One of the project's own connections; it brings its place with it, which can be changed for this check. */
export function ConnectionField({ projectId, choice, onChange, missing }: Props) {
  const { t } = useTranslation();
  const list = useCall('connection.list', { projectId });
  const { own } = choice;
  if (list.isError) return <ErrorPanel error={reportOf(list.error)} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Waiting lines={2} />;
  if (list.data.length === 0 && !own) {
    return (
      <div className={css.none}>
        <p>{t('doctor.form.noConnections')}</p>
        <Button component="a" variant="default" size="sm" href={hrefOf('test')}>
          {t('doctor.keyElsewhere.live')}
        </Button>
      </div>
    );
  }
  const known = list.data.some(({ id }) => id === own?.connectionId);
  const none = own === null ? [{ value: '', label: t('doctor.form.missingConnection') }] : [];
  const gone =
    own && !known ? [{ value: String(own.connectionId), label: `${own.name} (${t('doctor.form.removedConnection')})` }] : [];
  return (
    <div className={css.connection}>
      <SelectField
        label={t('doctor.form.connection')}
        value={own ? String(own.connectionId) : ''}
        options={[...none, ...gone, ...list.data.map(({ id, settings }) => ({ value: String(id), label: settings.name }))]}
        onChange={(value) => {
          const chosen = list.data.find(({ id }) => String(id) === value);
          if (chosen) onChange(withConnection(choice, chosen));
        }}
        error={(missing || gone.length > 0) && t('doctor.form.missingConnection')}
      />
    </div>
  );
}
