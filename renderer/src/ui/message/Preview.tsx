import { useTranslation } from 'react-i18next';
import type { PublishTemplate } from '../../../../shared/model/publish-template.ts';
import { type Filled, varies } from '../../../../shared/rules/publish-template.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { isText, previewOf } from '../payload/bytes.ts';
import css from './Message.module.css';
import { useProblemWords } from './useProblemWords.ts';

/** What would go out now: topic, bytes, and what keeps it from being sent. */
export function Preview({ template, filled }: { readonly template: PublishTemplate; readonly filled: Filled }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useProblemWords();
  const { message, problems } = filled;
  return (
    <section className={css.preview} aria-label={t('publishing.preview.title')}>
      <h3>
        {t('publishing.preview.title')}
        {message && <span>{format.bytes(message.payload.byteLength)}</span>}
      </h3>
      {message ? (
        <>
          <p className="mono">{message.topic}</p>
          <pre>
            {message.payload.byteLength === 0
              ? t('publishing.preview.empty')
              : previewOf(message.payload, isText(message.payload) ? 'text' : 'hex', 2_000)}
          </pre>
          {varies(template) && <p className={css.quiet}>{t('publishing.preview.varies')}</p>}
        </>
      ) : (
        <ul className={css.problems}>
          {problems.map((problem) => (
            <li key={`${problem.part} ${problem.kind} ${'text' in problem ? problem.text : ''}`}>
              {t(`publishing.part.${problem.part}`)}: {words(problem)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
