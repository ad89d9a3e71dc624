import { IconBan, IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BrokerTarget } from '../../../../shared/model/broker.ts';
import type { AccessAnswer } from '../../../../shared/rules/access-dialect.ts';
import { fillTopic } from '../../../../shared/rules/topic.ts';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { roleName } from '../../ui/role-name.ts';
import css from './Access.module.css';
import { type AccessDraft, type OneCertificate, simulate } from './access-form.ts';
import { DeviceField, useDevice } from './DeviceField.tsx';

interface Props {
  readonly projectId: number;
  readonly project: string;
  readonly draft: AccessDraft;
  readonly target: BrokerTarget;
  /** Devices that the broker tells apart by nothing but their client ids. */
  readonly groups: readonly OneCertificate[];
}

/** "May meter-017 publish to …?": the broker's answer to the rules as they stand, with the line that decides. */
export function Simulator({ projectId, project, draft, target, groups }: Props) {
  const { t } = useTranslation();
  const first = useDevice(projectId, '').rows.find(({ role }) => role === 'device');
  const [typed, setTyped] = useState<string | null>(null);
  const [verb, setVerb] = useState<'write' | 'read'>('write');
  const [ownTopic, setOwnTopic] = useState<string | null>(null);
  const [ownClient, setOwnClient] = useState<string | null>(null);
  const choosesClientId = draft.deviceIs === 'client' && (target === 'rabbitmq-3' || groups.length > 0);
  const who = (typed ?? first?.id ?? 'meter-001').trim();
  const { rows, exact, known } = useDevice(projectId, who);
  const id = exact?.id ?? who;
  const template = draft.rules
    .find(({ role }) => role === (exact?.role ?? 'device'))
    ?.[verb].find((topic) => !/[+#]/.test(topic));
  const topic = (ownTopic ?? fillTopic(template ?? '{project}/energy/{device}', { project, device: id })).trim();
  const wildcard = /[+#]/.test(topic);
  const clientId = choosesClientId ? (ownClient ?? id).trim() : undefined;
  const ready = id !== '' && topic !== '' && !wildcard;
  const answer = ready
    ? simulate(project, draft, target, { id, role: exact?.role ?? 'device', clientId, verb, topic }, groups)
    : null;
  return (
    <section className={css.simulator} aria-labelledby="access-simulator">
      <h3 id="access-simulator">{t('access.simulate.title')}</h3>
      <p className={css.quiet}>{t('access.simulate.lead')}</p>
      <DeviceField
        label={t('access.simulate.who')}
        hint={t('access.simulate.whoHint')}
        value={typed ?? who}
        onChange={setTyped}
        suggestions={['observer', ...rows.map((row) => row.id)]}
      />
      {choosesClientId && (
        <TextField
          label={t('access.simulate.clientId')}
          hint={t('access.simulate.clientIdHint')}
          value={ownClient ?? id}
          onChange={(text) => setOwnClient(text === id ? null : text)}
          maxLength={1000}
          mono
        />
      )}
      <SelectField
        label={t('access.simulate.verb')}
        value={verb}
        onChange={setVerb}
        options={[
          { value: 'write', label: t('access.simulate.write') },
          { value: 'read', label: t('access.simulate.read') },
        ]}
      />
      <TextField
        label={t('access.simulate.topic')}
        value={ownTopic ?? topic}
        onChange={setOwnTopic}
        error={wildcard && t('access.simulate.wildcard')}
        maxLength={1000}
        mono
      />
      <div role="status">
        {answer && <Answer answer={answer} who={id} verb={verb} topic={topic} />}
        {answer && known && !exact && id !== 'observer' && <p className={css.quiet}>{t('access.simulate.stranger')}</p>}
      </div>
    </section>
  );
}

interface AnswerProps {
  readonly answer: AccessAnswer;
  readonly who: string;
  readonly verb: 'write' | 'read';
  readonly topic: string;
}

function Answer({ answer, who, verb, topic }: AnswerProps) {
  const { t } = useTranslation();
  const { allowed, rule } = answer;
  const title = allowed
    ? verb === 'write'
      ? t('access.simulate.allowed', { who, topic })
      : t('access.simulate.allowedRead', { who, topic })
    : verb === 'write'
      ? t('access.simulate.denied', { who, topic })
      : t('access.simulate.deniedRead', { who, topic });
  return (
    <Note tone={allowed ? 'ok' : 'bad'} icon={allowed ? IconCircleCheck : IconBan} title={title}>
      {rule ? (
        <>
          <p>
            {t('access.simulate.rule')}: <code>{rule.text}</code>
          </p>
          <Origin answer={answer} />
        </>
      ) : (
        <p>
          {answer.reason === 'dangerous-name'
            ? t('access.simulate.dangerousName')
            : answer.reason === 'broker-topic'
              ? t('access.simulate.brokerTopic')
              : answer.reason === 'other-client'
                ? t('access.simulate.otherClient')
                : t('access.simulate.noLine')}
        </p>
      )}
      {!allowed && verb === 'read' && <p>{t('access.simulate.silent')}</p>}
    </Note>
  );
}

function Origin({ answer }: { readonly answer: AccessAnswer }) {
  const { t } = useTranslation();
  const origin = answer.rule?.origin;
  switch (origin?.kind) {
    case 'role':
      return <p>{t('access.simulate.origin.role', { role: roleName(t, origin.role), template: origin.template })}</p>;
    case 'exception':
      return <p>{t('access.simulate.origin.exception', { device: origin.device, template: origin.template })}</p>;
    case 'shield':
      return <p>{t('access.simulate.origin.shield', { member: origin.member })}</p>;
    case 'observer':
      return <p>{t('access.simulate.origin.observer')}</p>;
    default:
      return null;
  }
}
