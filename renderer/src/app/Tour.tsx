import { Button } from '@mantine/core';
import { IconCheck, IconCircle, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { unpackMessages } from '../../../shared/model/packed-messages.ts';
import { fillTopic } from '../../../shared/rules/topic.ts';
import { useBridgeEvent } from '../bridge/events.ts';
import { useLocalBroker } from '../bridge/local-broker.ts';
import { useCall } from '../bridge/queries.ts';
import { pointAt, showTour, type TourStep, tourDid, tourSteps, useTour } from '../bridge/tour.ts';
import { hrefOf } from '../ui/route.ts';
import css from './Tour.module.css';

/** Which device the tour speaks of, by its place in the list. */
const commanded = 0;
const replaced = 1;

/** Five steps in a practice project, beside the pages. Each ticks itself off when it has really happened, in any order. */
export function Tour({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const tour = useTour();
  const broker = useLocalBroker();
  const overview = useCall('project.overview', { projectId });
  const devices = useCall('device.list', { projectId, limit: 10 });
  const exported = useCall('export.state', { projectId });
  useBridgeEvent('tester.messages', ({ packed }) => {
    if (packed.count > 0) tourDid('reading');
    if (tour.done.includes('command')) return;
    const answers = unpackMessages(packed).some(({ payload }) => /"answer"\s*:/.test(new TextDecoder().decode(payload)));
    if (answers) tourDid('command');
  });
  const meters = (devices.data?.rows ?? []).filter((row) => row.role === 'device');
  const refusedMeter = broker?.refused.some(
    ({ reason, name }) => reason === 'revoked' && meters.some((meter) => meter.id === name),
  );
  useEffect(() => void (refusedMeter && tourDid('replace')), [refusedMeter]);
  const written = exported.data?.exports.some(({ state }) => state === 'finished');
  useEffect(() => void (written && tourDid('export')), [written]);
  const { pointing } = tour;
  useEffect(() => (pointing ? mark(pointing.step) : undefined), [pointing]);

  if (!tour.open) return null;
  const now = tourSteps.find((step) => !tour.done.includes(step)) ?? null;
  const project = overview.data?.name ?? '';
  const names = { commanded: meters[commanded]?.id ?? '', replaced: meters[replaced]?.id ?? '' };
  const hrefs: Readonly<Record<TourStep, string>> = {
    reading: hrefOf('test'),
    certificate: hrefOf('devices'),
    command: hrefOf('test', {
      topic: fillTopic(overview.data?.access.find(({ role }) => role === 'device')?.read[0] ?? '{project}/commands/{device}', {
        project,
        device: names.commanded,
      }),
      payload: '{"command":"identify"}',
    }),
    replace: hrefOf('devices', { device: meters[replaced] && String(meters[replaced].deviceId) }),
    export: hrefOf('export'),
  };
  return (
    <section className={css.tour} aria-label={t('practice.tour.title')}>
      <header>
        <h2>{t('practice.tour.title')}</h2>
        <span className={css.count} aria-hidden>
          {tour.done.length}/{tourSteps.length}
        </span>
        <button
          type="button"
          aria-label={t('practice.tour.hide')}
          title={t('practice.tour.hide')}
          onClick={() => showTour(false)}
        >
          <IconX size={18} aria-hidden />
        </button>
      </header>
      <div className="visually-hidden" role="status">
        {t('practice.tour.count', { done: tour.done.length, steps: tourSteps.length })}
      </div>
      <ol>
        {tourSteps.map((step) => {
          const done = tour.done.includes(step);
          const Sign = done ? IconCheck : IconCircle;
          return (
            <li key={step} data-done={done || undefined} aria-current={step === now ? 'step' : undefined}>
              <Sign size={18} stroke={done ? 2.4 : 1.8} aria-hidden />
              <div>
                <b>{t(`practice.tour.${step}.title`, names)}</b>
                {done && <span className="visually-hidden">{t('practice.tour.done')}</span>}
                {step === now && (
                  <>
                    <p>{t(`practice.tour.${step}.text`, names)}</p>
                    <Button
                      size="sm"
                      onClick={() => {
                        window.location.hash = hrefs[step];
                        pointAt(step);
                      }}
                    >
                      {t('practice.tour.show')}
                    </Button>
                  </>
                )}
              </div>
            </li>
          );
        })}
      </ol>
      {now === null && <p className={css.finished}>{t('practice.tour.finished')}</p>}
    </section>
  );
}

const appearance = 5_000;

/** Rings the place of a step, once it is on the page, and takes the keyboard there. Gives the function that ends it. */
function mark(step: TourStep): () => void {
  const { dataset } = document.documentElement;
  dataset.pointing = step;
  const begun = performance.now();
  let frame = 0;
  const look = () => {
    const target = document.querySelector<HTMLElement>(`[data-tour="${step}"]`);
    if (!target) {
      if (performance.now() - begun < appearance) frame = requestAnimationFrame(look);
      return;
    }
    target.scrollIntoView({ block: 'nearest' });
    const focusable = 'button, a[href], input, textarea, select, [tabindex="0"]';
    (target.matches(focusable) ? target : target.querySelector<HTMLElement>(focusable))?.focus({ preventScroll: true });
  };
  frame = requestAnimationFrame(look);
  return () => {
    cancelAnimationFrame(frame);
    delete dataset.pointing;
  };
}
