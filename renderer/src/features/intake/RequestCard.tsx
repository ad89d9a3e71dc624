import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { IntakeRefusal } from '../../../../shared/model/request.ts';
import { SelectField, TextField, Tick } from '../../ui/Field.tsx';
import { FindingList } from '../../ui/FindingList.tsx';
import { roleName } from '../../ui/role-name.ts';
import { TonePill } from '../../ui/StatePill.tsx';
import css from './Intake.module.css';
import { type Decided, isHopeless } from './review.ts';

interface Props {
  readonly decided: Decided;
  readonly refusal: IntakeRefusal | null;
  /** The project's part of every subject. */
  readonly subject: string;
  /** Those that the project has. */
  readonly roles: readonly string[];
  readonly onChange: (part: Partial<Decided>) => void;
}

/** What a request asks for, beside what it gets. */
export function RequestCard({ decided, refusal, subject, roles, onChange }: Props) {
  const { t } = useTranslation();
  const { reviewed, id, role, existing, left } = decided;
  const file = reviewed.position > 0 ? `${reviewed.file} (${reviewed.position + 1})` : reviewed.file;
  const hopeless = isHopeless(decided);
  const names = [...reviewed.names, ...reviewed.addresses];
  const sayWhy = refusal !== null && t(`intake.refusal.${refusal}`);
  return (
    <li className={css.card} data-refusal={refusal ?? undefined} aria-label={file}>
      <div className={css.cardHead}>
        <span className={css.file}>{file}</span>
        {left ? (
          <TonePill tone="wait" icon={IconMinus}>
            {t('intake.standing.left')}
          </TonePill>
        ) : refusal === null ? (
          <TonePill tone="ok" icon={IconCheck}>
            {t('intake.standing.issue')}
          </TonePill>
        ) : (
          <TonePill tone="bad" icon={IconX}>
            {t('intake.standing.refused')}
          </TonePill>
        )}
      </div>
      {hopeless && <p className={css.why}>{sayWhy}</p>}
      {reviewed.pem !== '' && (
        <div className={css.sides}>
          <dl className={css.asks}>
            <dt>{t('intake.asks')}</dt>
            <dd className="mono">{reviewed.subject === '' ? t('intake.noName') : reviewed.subject}</dd>
            <dd>
              {reviewed.key}
              {names.length > 0 && <> · {names.join(', ')}</>}
            </dd>
            {reviewed.extensions.length > 0 && <dd className={css.quiet}>{reviewed.extensions.join(', ')}</dd>}
            {reviewed.wantsCa && <dd className={css.warn}>{t('intake.wantsCa')}</dd>}
          </dl>
          {!hopeless && (
            <dl className={css.asks}>
              <dt>{t('intake.gets')}</dt>
              <dd className="mono">
                CN={id}
                {subject !== '' && `, ${subject}`}
              </dd>
              <dd>{t('intake.purpose')}</dd>
            </dl>
          )}
        </div>
      )}
      {!hopeless && reviewed.pem !== '' && (
        <div className={css.fields}>
          <TextField
            label={t('intake.id')}
            value={id}
            onChange={(value) => onChange({ id: value.trim() })}
            maxLength={64}
            mono
            error={sayWhy || undefined}
          />
          <SelectField
            label={t('devices.drawer.role')}
            value={role}
            options={roles.map((value) => ({ value, label: roleName(t, value) }))}
            onChange={(value) => onChange({ role: value })}
          />
        </div>
      )}
      {!hopeless && reviewed.existing !== null && reviewed.refusal === 'name-taken' && id === reviewed.id && (
        <Tick
          label={t(reviewed.existing === 'renew' ? 'intake.renewExisting' : 'intake.rekeyExisting', { id })}
          hint={t('intake.existingHint')}
          checked={existing}
          onChange={(checked) => onChange({ existing: checked })}
        />
      )}
      {!hopeless && reviewed.pem !== '' && (
        <Tick label={t('intake.leave')} checked={left} onChange={(checked) => onChange({ left: checked })} />
      )}
      <FindingList findings={reviewed.findings} />
    </li>
  );
}
