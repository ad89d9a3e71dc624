import '@mantine/core/styles/Notification.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/notifications/styles.css';
import { Notifications, notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isActive, type Job, useJobs } from '../bridge/jobs.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import { errorText } from '../ui/error-text.ts';
import { parseRoute } from '../ui/route.ts';
import css from './Notices.module.css';

const readingTime = 8_000;

/** Tells that work has ended to those who are on another page by then. Failures stay until they are closed. */
export function Notices() {
  const { t } = useTranslation();
  const format = useFormat();
  const jobs = useJobs();
  const working = useRef(new Set<string>());
  useEffect(() => {
    const tell = (job: Job) => {
      // the page that shows the job says it itself
      if (parseRoute(job.href).page === parseRoute(window.location.hash).page || job.state === 'cancelled') return;
      const failed = job.state === 'failed';
      const words = failed && job.error ? errorText(job.error, t, format) : null;
      notifications.show({
        id: job.id,
        title: t(`jobs.name.${job.call}`, { subject: job.subject }),
        message: (
          <>
            {words ? `${words.title}. ${words.todo} ` : `${t('jobs.state.done')}. `}
            <a href={job.href} onClick={() => notifications.hide(job.id)}>
              {t('common.details')}
            </a>
          </>
        ),
        icon: failed ? <IconAlertTriangle size={20} aria-hidden /> : <IconCheck size={20} aria-hidden />,
        autoClose: failed ? false : readingTime,
        closeButtonProps: { 'aria-label': t('common.close'), size: 44 },
        classNames: { root: css.notice ?? '', icon: css.icon ?? '', title: css.title ?? '', description: css.text ?? '' },
        mod: { failed },
      });
    };
    for (const job of jobs) {
      if (isActive(job)) working.current.add(job.id);
      else if (working.current.delete(job.id)) tell(job);
    }
  }, [jobs, t, format]);
  return (
    <section aria-label={t('app.notices')}>
      <Notifications position="bottom-right" limit={3} containerWidth={440} transitionDuration={0} withinPortal={false} />
    </section>
  );
}
