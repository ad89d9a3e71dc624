import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BrokerSettings } from '../../../../shared/model/broker.ts';
import { doctorIdentities, doctorTransports } from '../../../../shared/model/doctor.ts';
import { hostsOf } from '../../ui/address.ts';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { Options } from '../../ui/Options.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { type Choice, choiceProblem, emptyChoice, thrownOut } from './choice.ts';
import css from './Doctor.module.css';
import { IdentityFields } from './IdentityFields.tsx';

/** The value of "another address": no host can be called so. */
const other = '/';

interface Props {
  readonly projectId: number;
  readonly broker: (Pick<BrokerSettings, 'names' | 'addresses'> & { readonly port: number }) | null;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
  /** Somebody tried to begin: from then on mistakes are told. */
  readonly tried: boolean;
  readonly onRun: () => void;
  /** Null = there is nothing to go back to. */
  readonly onClose: (() => void) | null;
}

/** Who connects, where, and how much is tried. The answer that is right most of the time stands there already. */
export function ChoiceForm({ projectId, broker, choice, onChange, tried, onRun, onClose }: Props) {
  const { t } = useTranslation();
  const hosts = broker ? hostsOf(broker) : [];
  const [typing, setTyping] = useState(false);
  const custom = typing || !hosts.includes(choice.host);
  const set = (change: Partial<Choice>) => onChange({ ...choice, ...change });
  const problem = tried ? choiceProblem(choice) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRun();
  };
  return (
    <Panel>
      <form className={css.form} aria-label={t('doctor.form.title')} onSubmit={submit} noValidate>
        <Options
          legend={t('doctor.form.who')}
          layout="row"
          value={choice.kind}
          onChange={(kind) => set({ kind })}
          options={doctorIdentities.map((kind) => ({ value: kind, label: t(`doctor.form.kind.${kind}`) }))}
          hint={t(`doctor.form.kindText.${choice.kind}`)}
        />
        <IdentityFields projectId={projectId} choice={choice} onChange={set} problem={problem} />
        <div className={css.place}>
          {hosts.length > 0 && (
            <SelectField
              label={t('tester.address.host')}
              value={custom ? other : choice.host}
              options={[
                ...hosts.map((host) => ({ value: host, label: host })),
                { value: other, label: t('tester.address.other') },
              ]}
              onChange={(host) => {
                setTyping(host === other);
                set({ host: host === other ? '' : host });
              }}
            />
          )}
          {(custom || hosts.length === 0) && (
            <TextField
              label={t(hosts.length > 0 ? 'tester.address.custom' : 'tester.address.host')}
              value={choice.host}
              onChange={(host) => set({ host })}
              error={problem === 'host' && t('tester.address.hostWrong')}
              mono
            />
          )}
          <TextField
            label={t('tester.address.port')}
            value={choice.port}
            onChange={(port) => set({ port })}
            error={problem === 'port' && t('tester.address.portWrong')}
            maxLength={5}
            numeric
            mono
          />
        </div>
        <div className={css.extent}>
          <Options
            legend={t('doctor.form.extent')}
            value={choice.quick ? 'quick' : 'full'}
            onChange={(extent) => set({ quick: extent === 'quick' })}
            options={(['full', 'quick'] as const).map((extent) => ({
              value: extent,
              label: t(`doctor.form.${extent}`),
              text: t(`doctor.form.${extent}Text`),
            }))}
          />
        </div>
        <Fold
          summary={t('doctor.form.more')}
          open={choice.transport !== emptyChoice.transport || choice.serverName !== '' || choice.clientId !== ''}
        >
          <div className={css.more}>
            <SelectField
              label={t('doctor.form.transport')}
              value={choice.transport}
              options={doctorTransports.map((value) => ({ value, label: t(`doctor.form.transports.${value}`) }))}
              onChange={(transport) => set({ transport })}
            />
            <TextField
              label={t('doctor.form.serverName')}
              hint={t('doctor.form.serverNameHint')}
              value={choice.serverName}
              onChange={(serverName) => set({ serverName })}
              mono
            />
          </div>
        </Fold>
        <div className={css.actions}>
          {onClose ? (
            <Button variant="default" size="lg" onClick={onClose}>
              {t('doctor.form.close')}
            </Button>
          ) : (
            <span />
          )}
          <WriteButton type="submit" size="lg" because={t('tester.recorded')}>
            {t(thrownOut(choice) ? 'doctor.form.runDevice' : 'doctor.form.run')}
          </WriteButton>
        </div>
      </form>
    </Panel>
  );
}
