import { Button } from '@mantine/core';
import { IconPencil, IconStethoscope, IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Check, CheckGot, CheckParty, CheckReport, CheckResult } from '../../../../shared/model/check.ts';
import { base64Bytes } from '../../../../shared/rules/payload-form.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { failureWords } from '../../ui/failure-words.ts';
import { hexOf, isText, textOf } from '../../ui/payload/bytes.ts';
import { hrefOf } from '../../ui/route.ts';
import { useReasonWords } from '../../ui/useReasonWords.ts';
import css from './Results.module.css';
import { expectedOf, textFor, topicFor } from './results.ts';
import { Sentence } from './Sentence.tsx';
import { isolated, useDuration } from './words.ts';

interface Props {
  readonly projectId: number;
  readonly report: CheckReport;
  readonly result: CheckResult;
  /** Names of the checks that the project has by now. */
  readonly known: ReadonlySet<string>;
  readonly onEdit: (name: string) => void;
  readonly onClose: () => void;
}

/** One result: what happened and why, what was expected beside what came, and the way on. */
export function ResultDetail({ projectId, report, result, known, onEdit, onClose }: Props) {
  const { t } = useTranslation();
  const duration = useDuration();
  const reasonWords = useReasonWords();
  const check = report.checks[result.check];
  if (!check) return null;
  const { device, reason, code, got, others, who, failure } = result;
  const { publish, expect } = check;
  // at the head of a sentence, and within it
  const start = (each: CheckParty) => (each === 'device' && device !== null ? isolated(device) : t(`checks.party.${each}`));
  const within = (each: CheckParty) =>
    each === 'device' && device !== null ? isolated(device) : t(`checks.partyWithin.${each}`);
  // what is said of a message concerns where it was to arrive, or where it was published
  const published = reason === 'publish-refused' || reason === 'thrown-out' || reason === 'other-code';
  const words = {
    publisher: start(publish.by),
    publishing: within(publish.by),
    listener: start(expect.at),
    listening: within(expect.at),
    who: who === null ? '' : within(who),
    topic: isolated(topicFor(published ? publish.topic : expect.topic, report.project, device)),
    within: duration(expect.within),
    expected: typeof publish.answer === 'number' ? String(publish.answer) : '',
  };
  const compared = reason === 'other-payload' || reason === 'unexpected';
  return (
    <section className={css.detail} aria-labelledby="check-result">
      <header>
        <h3 id="check-result">
          {device !== null && `${device} · `}
          {check.name}
        </h3>
        <button type="button" aria-label={t('checks.result.close')} title={t('checks.result.close')} onClick={onClose}>
          <IconX size={20} stroke={1.7} aria-hidden />
        </button>
      </header>
      <p>
        <Sentence
          text={
            reason === null
              ? t(expect.arrives ? 'checks.result.passed' : 'checks.result.passedNothing', words)
              : t(`checks.long.${reason}`, words)
          }
        />
      </p>
      {failure && who && <Failure failure={failure} device={who === 'device' ? device : null} report={report} />}
      {compared && (
        <div className={css.beside}>
          <Expected check={check} project={report.project} device={device} />
          <Received got={got} />
        </div>
      )}
      {!compared && got && <Received got={got} />}
      {code !== null && (
        <p className={css.quiet}>
          {t('checks.result.answer')}: {reasonWords(code)}
        </p>
      )}
      {others > 0 && <p className={css.quiet}>{t('checks.result.others', { count: others })}</p>}
      <div className={css.ways}>
        {reason === 'connection' && <Doctor projectId={projectId} report={report} device={who === 'device' ? device : null} />}
        {known.has(check.name) && (
          <Button
            variant="default"
            size="sm"
            leftSection={<IconPencil size={18} stroke={1.7} aria-hidden />}
            onClick={() => onEdit(check.name)}
          >
            {t('checks.result.openCheck')}
          </Button>
        )}
      </div>
    </section>
  );
}

interface ExpectedProps {
  readonly check: Check;
  readonly project: string;
  readonly device: string | null;
}

function Expected({ check, project, device }: ExpectedProps) {
  const { t } = useTranslation();
  const expected = expectedOf(check);
  const text =
    expected === null
      ? t('checks.result.nothing')
      : expected.kind === 'path'
        ? [expected.path, t(`checks.compare.${expected.compare}`), textFor(expected.value, project, device)]
            .filter(Boolean)
            .join(' ')
        : textFor(expected.text, project, device);
  return (
    <div>
      <h4>{t('checks.result.expected')}</h4>
      <p className={css.quiet}>
        <Sentence
          text={[
            t('checks.result.onTopic', { topic: isolated(topicFor(check.expect.topic, project, device)) }),
            ...(expected === null ? [] : [t(`checks.result.by.${expected.kind}`)]),
          ].join(': ')}
        />
      </p>
      <Code text={text === '' ? t('checks.result.empty') : text} what={t('checks.result.expected')} block />
      {/\{\{\s*\w/.test(text) && <p className={css.quiet}>{t('checks.result.runVariable')}</p>}
    </div>
  );
}

function Received({ got }: { readonly got: CheckGot | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bytes = useMemo(() => {
    const made = got && base64Bytes(got.base64);
    return made && 'bytes' in made ? made.bytes : new Uint8Array();
  }, [got]);
  if (!got) return null;
  return (
    <div>
      <h4>{t('checks.result.received')}</h4>
      <p className={css.quiet}>
        <Sentence text={t('checks.result.onTopic', { topic: isolated(got.topic) })} />
      </p>
      <Code
        text={got.size === 0 ? t('checks.result.empty') : isText(bytes) ? textOf(bytes) : hexOf(bytes)}
        what={t('checks.result.received')}
        block
      />
      {got.size > bytes.byteLength && (
        <p className={css.quiet}>
          {t('checks.result.cut', { shown: format.bytes(bytes.byteLength), size: format.bytes(got.size) })}
        </p>
      )}
    </div>
  );
}

interface FailureProps {
  readonly failure: NonNullable<CheckResult['failure']>;
  /** Null = the observer's. */
  readonly device: string | null;
  readonly report: CheckReport;
}

function Failure({ failure, device, report }: FailureProps) {
  const { t } = useTranslation();
  const cases = device === null ? 'tester.observerCases' : 'tester.deviceCases';
  const named = { device: device ?? '' };
  const words = {
    host: report.host,
    port: String(report.port),
    ...failure.params,
    who: t(`${cases}.who`, named),
    whom: t(`${cases}.whom`, named),
    of: t(`${cases}.of`, named),
  };
  const key = failureWords(failure, device !== null);
  return (
    <div>
      <h4>{t(`${key}.title`, words)}</h4>
      <p>{t(`${key}.explanation`, words)}</p>
      <p>{t(`${key}.remedy`, words)}</p>
      <Fold summary={t('common.details')}>
        <Code text={[failure.cause, failure.raw].join('\n')} what={t('tester.failure.raw')} />
      </Fold>
    </div>
  );
}

interface DoctorProps {
  readonly projectId: number;
  readonly report: CheckReport;
  /** Null = the observer. */
  readonly device: string | null;
}

/** The page that looks into every step, at the same place and as the same one. */
function Doctor({ projectId, report, device }: DoctorProps) {
  const { t } = useTranslation();
  const found = useCall('device.list', { projectId, search: device ?? '', limit: 50 }, { enabled: device !== null });
  const deviceId = found.data?.rows.find(({ id }) => id === device)?.deviceId;
  if (device !== null && deviceId === undefined) return null;
  const place = { host: report.host, port: String(report.port) };
  return (
    <Button
      component="a"
      size="sm"
      href={hrefOf('doctor', deviceId === undefined ? { ...place, as: 'observer' } : { ...place, device: String(deviceId) })}
      leftSection={<IconStethoscope size={18} stroke={1.7} aria-hidden />}
    >
      {t('doctor.find')}
    </Button>
  );
}
