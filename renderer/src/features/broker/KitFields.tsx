import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type BrokerTarget, formsOf, softwareOf } from '../../../../shared/model/broker.ts';
import { identityModes, type KitForm, kitForms, logDetails, logShippings, tlsVersions } from '../../../../shared/model/kit.ts';
import type { Problem } from '../../../../shared/problems.ts';
import { kitBounds } from '../../../../shared/rules/kit.ts';
import { checkNetwork } from '../../../../shared/rules/network.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { problemText } from '../../ui/error-text.ts';
import { SelectField, TextField, Tick } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { TagField } from '../../ui/TagField.tsx';
import css from './Broker.module.css';
import { type CipherChoice, cipherChoice, ciphersFor, type KitDraft, kitProblemsOf } from './kit-form.ts';
import { Question } from './Question.tsx';

interface Props {
  readonly kit: KitDraft;
  readonly target: BrokerTarget;
  /** Another form may bring other folders. */
  readonly onForm: (form: KitForm) => void;
  readonly onChange: (change: Partial<KitDraft>) => void;
}

/** How the broker works, each question behind its present answer. */
export function KitFields({ kit, target, onForm, onChange }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = kitProblemsOf(kit, target);
  const first = (problems: readonly Problem[]) => problems[0] && problemText(problems[0], t, format);
  const number = (name: keyof typeof kitBounds, note?: string, hint = t(`broker.kit.${name}Hint`)) => (
    <TextField
      key={name}
      label={t(`broker.kit.${name}`)}
      hint={hint}
      note={note}
      value={kit[name]}
      onChange={(value) => onChange({ [name]: value })}
      error={
        found.numbers.includes(name) &&
        t('rules.number-range', { minimum: format.number(kitBounds[name][0]), maximum: format.number(kitBounds[name][1]) })
      }
      maxLength={9}
      numeric
      mono
    />
  );
  const software = softwareOf(target);
  const limitByHand = software === 'rabbitmq' && (kit.form === 'drop-in' || kit.form === 'fragments');
  const possible = formsOf(target);
  const missing = kitForms.filter((form) => !possible.includes(form));
  // a list that Mosquitto reads as it is, others are told by the names of what comes of it
  const ownHint = (name: CipherChoice) =>
    name === 'own' && software !== 'mosquitto' ? t('broker.kit.ownNames') : t(`broker.kit.ciphersOf.${name}.text`);
  const choice = cipherChoice(kit.ciphers);
  const limits = ['maxConnections', 'maxPacketSize', 'maxInflightMessages', 'maxQueuedMessages', 'connectionRate'] as const;
  const limitsWrong = limits.some((name) => found.numbers.includes(name));
  return (
    <>
      <Question title={t('broker.kit.form')} answer={t(`broker.kit.forms.${kit.form}.short`)}>
        <SelectField
          label={t('broker.kit.formLabel')}
          hint={t(`broker.kit.forms.${kit.form}.text.${software}`)}
          value={kit.form}
          options={possible.map((value) => ({ value, label: t(`broker.kit.forms.${value}.name`) }))}
          onChange={onForm}
        />
        {missing.map((form) => (
          <Note key={form} tone="wait" icon={IconInfoCircle}>
            {t(`broker.kit.forms.${form}.text.${software}`)}
          </Note>
        ))}
      </Question>
      <Question title={t('broker.kit.identity')} answer={t(`broker.kit.identities.${kit.identity}.short`)}>
        <SelectField
          label={t('broker.kit.identityLabel')}
          hint={t(`broker.kit.identities.${kit.identity}.text.${software}`)}
          value={kit.identity}
          options={identityModes.map((value) => ({ value, label: t(`broker.kit.identities.${value}.name`) }))}
          onChange={(identity) => onChange({ identity })}
        />
        {kit.identity !== 'certificate' && (
          <Note tone="due" icon={IconInfoCircle}>
            {t('broker.kit.passwordsMade')}
          </Note>
        )}
      </Question>
      <Question
        title={t('broker.kit.encryption')}
        answer={
          kit.tlsMinimum === 'tlsv1.2'
            ? t('broker.kit.encryptionShort', {
                version: t(`broker.kit.tls.${kit.tlsMinimum}`),
                ciphers: t(`broker.kit.ciphersOf.${choice}.short`),
              })
            : t(`broker.kit.tls.${kit.tlsMinimum}`)
        }
        wrong={found.ciphers.length + found.ciphersTls13.length > 0}
      >
        <SelectField
          label={t('broker.kit.tlsMinimum')}
          hint={t(`broker.kit.tlsHint.${kit.tlsMinimum}`)}
          value={kit.tlsMinimum}
          options={tlsVersions.map((value) => ({ value, label: t(`broker.kit.tls.${value}`) }))}
          onChange={(tlsMinimum) => onChange({ tlsMinimum })}
        />
        {kit.tlsMinimum === 'tlsv1.2' && (
          <SelectField
            label={t('broker.kit.ciphers')}
            hint={ownHint(choice)}
            value={choice}
            options={(['recommended', 'library', 'own'] as const).map((value) => ({
              value,
              label: t(`broker.kit.ciphersOf.${value}.name`),
            }))}
            onChange={(value) => onChange({ ciphers: ciphersFor(value) })}
          />
        )}
        {kit.tlsMinimum === 'tlsv1.2' && choice === 'own' && (
          <TextField
            label={t('broker.kit.ownCiphers')}
            value={kit.ciphers}
            onChange={(ciphers) => onChange({ ciphers })}
            error={first(found.ciphers)}
            maxLength={1000}
            mono
          />
        )}
        <TextField
          label={t('broker.kit.ciphersTls13')}
          hint={t('broker.kit.ciphersTls13Hint')}
          note={t('fields.optional')}
          value={kit.ciphersTls13}
          onChange={(ciphersTls13) => onChange({ ciphersTls13 })}
          error={first(found.ciphersTls13)}
          placeholder="TLS_AES_256_GCM_SHA384"
          maxLength={200}
          mono
        />
      </Question>
      <Question
        title={t('broker.kit.limits')}
        answer={t(kit.connectionRate.trim() === '' ? 'broker.kit.limitsShort' : 'broker.kit.limitsRate', {
          count: Number(kit.connectionRate) || 0,
        })}
        wrong={limitsWrong}
      >
        {number(
          'maxConnections',
          t('fields.optional'),
          limitByHand ? `${t('broker.kit.maxConnectionsHint')} ${t('broker.kit.maxConnectionsByHand')}` : undefined,
        )}
        {number('maxPacketSize')}
        <div className={css.halves}>
          {number('maxInflightMessages')}
          {number('maxQueuedMessages')}
        </div>
        {number('connectionRate', t('fields.optional'))}
      </Question>
      <Question
        title={t('broker.kit.firewall')}
        answer={kit.networks.length === 0 ? t('broker.kit.networksNone') : kit.networks.join(', ')}
        wrong={found.networks}
      >
        <TagField
          label={t('broker.kit.networks')}
          values={kit.networks}
          onChange={(networks) => onChange({ networks })}
          check={checkNetwork}
          placeholder="192.168.100.0/24"
          hint={t('broker.kit.networksHint')}
        />
      </Question>
      <Question
        title={t('broker.kit.log')}
        answer={t('broker.kit.logShort', { detail: t(`broker.kit.logs.${kit.logDetail}.short`), weeks: kit.logWeeks })}
        wrong={found.numbers.includes('logWeeks') || found.shippingTarget.length > 0}
      >
        <SelectField
          label={t('broker.kit.logDetail')}
          hint={t(`broker.kit.logs.${kit.logDetail}.text`)}
          value={kit.logDetail}
          options={logDetails.map((value) => ({ value, label: t(`broker.kit.logs.${value}.name`) }))}
          onChange={(logDetail) => onChange({ logDetail })}
        />
        <Tick
          label={t('broker.kit.connectionMessages')}
          hint={t('broker.kit.connectionMessagesHint')}
          checked={kit.connectionMessages}
          onChange={(connectionMessages) => onChange({ connectionMessages })}
        />
        {number('logWeeks', undefined, software === 'emqx' ? t('broker.kit.logWeeksEmqx') : undefined)}
        <SelectField
          label={t('broker.kit.shipping')}
          value={kit.shipping}
          options={logShippings.map((value) => ({ value, label: t(`broker.kit.shippings.${value}`) }))}
          onChange={(shipping) => onChange({ shipping, shippingTarget: '' })}
        />
        {kit.shipping !== 'none' && (
          <TextField
            label={t(`broker.kit.targets.${kit.shipping}`)}
            value={kit.shippingTarget}
            onChange={(shippingTarget) => onChange({ shippingTarget })}
            error={kit.shippingTarget !== '' && first(found.shippingTarget)}
            placeholder={kit.shipping === 'loki' ? 'https://logs.example:3100/loki/api/v1/push' : 'logs.example:514'}
            mono
          />
        )}
      </Question>
    </>
  );
}
