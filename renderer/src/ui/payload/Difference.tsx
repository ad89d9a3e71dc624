// biome-ignore-all lint/a11y/useSemanticElements: a fieldset would promise a form
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Diff } from '../Diff.tsx';
import { hexOf, isText, payloadShown, textOf } from './bytes.ts';
import { changesOf, mostChanges } from './changes.ts';
import css from './Payload.module.css';
import { isStructured, type PayloadView, read } from './views.ts';

interface Props {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly view: PayloadView;
}

/** What changed since the message before on the same topic: by fields where both can be read so, otherwise by lines or bytes. */
export function Difference({ before, after, view }: Props) {
  const { t } = useTranslation();
  const what = t('tester.message.difference');
  const found = useMemo(() => {
    if (before.length === after.length && before.every((byte, index) => byte === after[index])) return 'same';
    if (!isStructured(view)) return 'bytes';
    const [old, now] = [read(view, before), read(view, after)];
    return old && now && old.cut === null && now.cut === null ? changesOf(old, now) : 'bytes';
  }, [before, after, view]);
  if (found === 'same') return <p className={css.same}>{t('tester.message.same')}</p>;
  if (found === 'bytes') {
    const parts = [before, after].map((bytes) => bytes.subarray(0, payloadShown));
    const asText = view !== 'hex' && parts.every(isText);
    const [old = '', now = ''] = parts.map(asText ? textOf : hexOf);
    if (old === now) return <p className={css.same}>{t('tester.message.sameStart')}</p>;
    return <Diff before={old} after={now} what={what} />;
  }
  if (found.length === 0) return <p className={css.same}>{t('tester.message.sameValues')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className={css.changes} tabIndex={0} role="group" aria-label={what}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('tester.message.field')}</th>
            <th scope="col">{t('tester.message.before')}</th>
            <th scope="col">{t('tester.message.now')}</th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, mostChanges).map(({ path, before: was, after: is }) => (
            <tr key={path}>
              <th scope="row">{path === '' ? t('tester.message.value') : path}</th>
              <td>{was === null ? <i>{t('tester.message.absent')}</i> : <del>{short(was)}</del>}</td>
              <td>{is === null ? <i>{t('tester.message.absent')}</i> : <ins>{short(is)}</ins>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length > mostChanges && (
        <p className={css.same}>{t('tester.message.moreChanges', { count: found.length - mostChanges })}</p>
      )}
    </div>
  );
}

const short = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
