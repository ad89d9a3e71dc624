import { Button } from '@mantine/core';
import {
  type Icon,
  IconClock,
  IconCpu,
  IconEye,
  IconLoader2,
  IconPlugConnected,
  IconPlugConnectedX,
  IconRouteAltLeft,
  IconScissors,
  IconSettings,
  IconTerminal2,
  IconX,
} from '@tabler/icons-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { FilledMessage } from '../../../../shared/rules/publish-template.ts';
import { firstAddress } from '../../ui/address.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { type Tone, TonePill } from '../../ui/StatePill.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { ConnectionFacts } from './ConnectionFacts.tsx';
import { disconnect } from './connect.ts';
import { ConnectionMarks } from './connection/ConnectionMarks.tsx';
import { commandClient } from './connection/command-client.ts';
import type { StoredConnection } from './connection/connection-draft.ts';
import { placeOf } from './connection/place.ts';
import { Failure } from './Failure.tsx';
import css from './Pane.module.css';
import { dropPanes, isBusy, type Pane } from './panes.ts';
import { Publish } from './publish/Publish.tsx';
import { Stream } from './Stream.tsx';
import { Subscriptions } from './Subscriptions.tsx';
import { TestCertificate } from './TestCertificate.tsx';
import { firstFilter } from './topics.ts';

const CopyAs = lazy(async () => ({ default: (await import('./CopyAs.tsx')).CopyAs }));

type Standing = 'idle' | 'connecting' | 'connected' | 'waiting' | 'closed' | 'refused';

const looks: Readonly<Record<Standing, { readonly tone: Tone; readonly icon: Icon }>> = {
  idle: { tone: 'gone', icon: IconPlugConnectedX },
  connecting: { tone: 'wait', icon: IconLoader2 },
  connected: { tone: 'ok', icon: IconPlugConnected },
  waiting: { tone: 'due', icon: IconClock },
  closed: { tone: 'gone', icon: IconPlugConnectedX },
  refused: { tone: 'bad', icon: IconX },
};

function standingOf({ state, error }: Pane): Standing {
  if (!state) return error ? 'refused' : 'idle';
  return state.phase === 'closed' && (state.failure || error) ? 'refused' : state.phase;
}

/** To whom it belongs stands in a mark; the sentence says what to expect. */
function ownHint({ settings: { speaksAs } }: StoredConnection) {
  return speaksAs?.kind === 'device' ? 'connections.hintDevice' : speaksAs ? 'connections.hintObserver' : 'connections.hint';
}

interface Props {
  readonly pane: Pane;
  readonly overview: CallOutput<'project.overview'>;
  /** The broker's certificate as the project has it. */
  readonly certificateId: number | null;
  /** Of a connection of one's own: what is stored of it; undefined while that is read, or when it was removed. */
  readonly own?: StoredConnection | undefined;
  readonly onConnect: () => void;
  /** Changes a connection of one's own; of the others, makes one that speaks as they do, with options of its own. */
  readonly onEdit?: (() => void) | undefined;
}

/** Everything about one identity: connection, subscriptions, messages, publishing. */
export function ConnectionPane({ pane, overview, certificateId, own, onConnect, onEdit }: Props) {
  const { t } = useTranslation();
  const { identity, state } = pane;
  const device = identity.kind === 'device';
  const ofMine = identity.kind === 'own';
  const who = identity.kind === 'observer' ? t('tester.observer') : identity.id;
  const standing = standingOf(pane);
  const busy = isBusy(pane);
  // then the way on is told below, and it is another one than trying again
  const keyElsewhere = device && pane.error?.code === 'KEY_UNAVAILABLE';
  const Sign = device ? IconCpu : ofMine ? IconRouteAltLeft : IconEye;
  const draft = useRef<FilledMessage | null>(null);
  const [copying, setCopying] = useState(false);
  const { broker } = overview;
  return (
    <section className={css.pane} aria-label={who} data-identity={identity.kind} data-standing={standing}>
      <div className={css.grid}>
        <header className={css.head}>
          <Sign className={css.sign} size={24} stroke={1.7} aria-hidden />
          <div className={css.name}>
            <h2>{who}</h2>
            <p>
              {ofMine
                ? own && t(ownHint(own), { place: placeOf(own.settings) })
                : t(device ? 'tester.deviceHint' : 'tester.observerHint')}
            </p>
          </div>
          <div role="status" className={css.state}>
            <TonePill tone={looks[standing].tone} icon={looks[standing].icon}>
              {t(`tester.state.${standing}`)}
            </TonePill>
          </div>
          <div className={css.acts}>
            {busy && own?.settings.will && state?.phase === 'connected' && (
              <Button
                variant="default"
                size="sm"
                className={css.stop ?? ''}
                leftSection={<IconScissors size={18} stroke={1.7} aria-hidden />}
                aria-label={t('connections.cut')}
                title={t('connections.cutHint')}
                onClick={() => void disconnect(pane, true)}
              >
                {t('connections.cut')}
              </Button>
            )}
            {busy ? (
              <Button
                variant="default"
                size="sm"
                className={css.stop ?? ''}
                leftSection={<IconPlugConnectedX className={css.narrow} size={20} stroke={1.7} aria-hidden />}
                aria-label={t('tester.disconnectNamed', { who })}
                title={t('tester.disconnectNamed', { who })}
                onClick={() => void disconnect(pane)}
              >
                {t('tester.disconnect')}
              </Button>
            ) : (
              <WriteButton
                size="sm"
                variant={keyElsewhere ? 'default' : 'filled'}
                aria-label={device ? undefined : t('tester.connectNamed', { who })}
                because={t('tester.recorded')}
                onClick={onConnect}
              >
                {t(device ? 'tester.connectAgain' : 'tester.connect')}
              </WriteButton>
            )}
          </div>
          <div className={css.tools}>
            {/* options are chosen before connecting; then the head has room for one more */}
            {onEdit && (ofMine || !busy) && (
              <button
                type="button"
                className={css.remove}
                aria-label={t(ofMine ? 'connections.edit' : 'connections.withOptions', { name: who })}
                title={t(ofMine ? 'connections.edit' : 'connections.withOptions', { name: who })}
                onClick={onEdit}
              >
                <IconSettings size={22} stroke={1.7} aria-hidden />
              </button>
            )}
            <button
              type="button"
              className={css.remove}
              aria-label={t('tester.copyAs.open', { who })}
              title={t('tester.copyAs.open', { who })}
              onClick={() => setCopying(true)}
            >
              <IconTerminal2 size={22} stroke={1.7} aria-hidden />
            </button>
            {(device || ofMine) && !busy && (
              <button
                type="button"
                className={css.remove}
                aria-label={t('tester.closePane', { who })}
                title={t('tester.closePane', { who })}
                onClick={() => dropPanes(({ key }) => key === pane.key)}
              >
                <IconX size={20} aria-hidden />
              </button>
            )}
          </div>
          {own && <ConnectionMarks connection={own} />}
        </header>
        {state?.phase === 'connected' && <ConnectionFacts pane={pane} state={state} certificateId={certificateId} />}
        {(state?.failure || pane.error) && (
          <div className={css.failure}>
            {pane.error &&
              (keyElsewhere && device ? (
                <TestCertificate pane={pane} deviceId={identity.deviceId} id={identity.id} />
              ) : (
                <ErrorPanel error={pane.error} />
              ))}
            {state?.failure && (
              <Failure
                failure={state.failure}
                retryAt={state.phase === 'waiting' ? state.retryAt : null}
                final={state.phase === 'closed'}
                device={device ? identity.id : null}
                own={ofMine ? who : null}
                certificateId={certificateId}
                place={{ host: pane.host, port: pane.port }}
                find={hrefOf('doctor', {
                  host: pane.host,
                  port: String(pane.port),
                  device: device ? String(identity.deviceId) : undefined,
                  connection: own ? String(own.id) : undefined,
                })}
              />
            )}
          </div>
        )}
        <Subscriptions pane={pane} who={who} project={overview.name} access={overview.access} />
        <Stream pane={pane} who={who} />
        <Publish pane={pane} who={who} project={overview.name} access={overview.access} draft={draft} />
      </div>
      <Suspense>
        {copying && broker && (
          <CopyAs
            who={who}
            own={own && commandClient(own, state?.protocolVersion ?? null, broker.kit)}
            connection={{
              host: pane.host || firstAddress(broker).host,
              port: pane.port || broker.port,
              clientId: device ? identity.id : null,
              protocolVersion: state?.protocolVersion ?? 5,
              identity: broker.kit.identity,
            }}
            publish={draft.current && { kind: 'publish', ...draft.current }}
            subscribe={{
              kind: 'subscribe',
              filters:
                pane.subscriptions.length > 0
                  ? pane.subscriptions.map(({ filter, qos, options }) => ({ filter, qos, options }))
                  : [{ filter: firstFilter(identity, overview.name, overview.access), qos: 1 }],
            }}
            onClose={() => setCopying(false)}
          />
        )}
      </Suspense>
    </section>
  );
}
