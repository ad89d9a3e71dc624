import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Drawer.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/CloseButton.css';
import { Button, Drawer } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { SavedCheck } from '../../../../shared/model/check.ts';
import { problem } from '../../../../shared/problems.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { problemText } from '../../ui/error-text.ts';
import { TextField, Tick } from '../../ui/Field.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { type CheckDraft, checkOf, sameCheck, sameName } from './check-draft.ts';
import { problemsOf } from './check-problems.ts';
import { checksChanged } from './checks-query.ts';
import { changeDraft, closeDraft, type OpenDraft } from './draft-store.ts';
import css from './Editor.module.css';
import { ExpectFields } from './ExpectFields.tsx';
import { PublishFields } from './PublishFields.tsx';
import { Sample } from './Sample.tsx';

interface Props {
  readonly overview: CallOutput<'project.overview'>;
  readonly open: OpenDraft;
  readonly checks: readonly SavedCheck[];
}

/** What the fields of a part of the form get. */
export interface PartProps {
  readonly draft: CheckDraft;
  readonly change: (part: Partial<CheckDraft>) => void;
  /** The sentence about what is wrong at a place of the check; false before somebody has typed there, or tried to save. */
  readonly wrong: (path: string) => string | false;
}

/** One check, in the order in which it is said: who publishes what, and what is expected of it. */
export function CheckEditor({ overview, open, checks }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { projectId } = overview;
  const { checkId, first, draft } = open;
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const check = checkOf(draft);
  const problems = new Map(problemsOf(draft));
  const taken = checks.some((other) => other.checkId !== checkId && sameName(other.check.name, check.name));
  if (taken && !problems.has('name')) problems.set('name', problem('check-name', { value: check.name }, 'name'));
  const changed = !sameCheck(check, first);
  const wrong = (path: string) => {
    const found = tried || touched.has(path.split('.', 2).join('.')) ? problems.get(path) : undefined;
    return found === undefined ? false : problemText(found, t, format);
  };
  const change = (part: Partial<CheckDraft>) => {
    const next = { ...draft, ...part };
    setTouched((before) => new Set([...before, ...differing(draft, next)]));
    setLeaving(false);
    changeDraft(next);
  };
  const save = useAction(async () => {
    await call('check.save', { projectId, checkId, check });
    closeDraft();
    await checksChanged();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problems.size === 0) return void save.run();
    requestAnimationFrame(() => showFirst(form.current));
  };
  const close = () => (changed && !leaving ? setLeaving(true) : closeDraft());
  const title = checkId === null ? t('checks.editor.add') : t('checks.editor.change', { name: first.name });
  const part: PartProps = { draft, change, wrong };
  return (
    <Drawer.Root
      opened
      onClose={() => (leaving ? setLeaving(false) : close())}
      position="right"
      size={720}
      transitionProps={{ duration: 0 }}
      classNames={{ content: css.drawer ?? '', overlay: css.overlay ?? '', body: css.body ?? '' }}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={title} radius={0}>
        <div className={css.header}>
          <h2>{title}</h2>
          <Drawer.CloseButton size={48} iconSize={22} aria-label={t('common.close')} />
        </div>
        <Drawer.Body>
          <form ref={form} noValidate onSubmit={submit} className={css.form}>
            <section className={css.part}>
              <TextField
                label={t('checks.editor.name')}
                placeholder={t('checks.editor.namePlaceholder')}
                value={draft.name}
                onChange={(name) => change({ name })}
                error={wrong('name')}
                maxLength={200}
              />
            </section>
            <section className={css.part} aria-labelledby="check-publish">
              <h3 id="check-publish">{t('checks.editor.publish')}</h3>
              <PublishFields {...part} />
            </section>
            <section className={css.part} aria-labelledby="check-expect">
              <h3 id="check-expect">{t('checks.editor.expect')}</h3>
              <ExpectFields {...part} />
            </section>
            <section className={css.part}>
              <Sample projectId={projectId} project={overview.name} check={check} sound={problems.size === 0} />
              <Tick
                label={t('checks.editor.enabled')}
                hint={t('checks.editor.enabledHint')}
                checked={draft.enabled}
                onChange={(enabled) => change({ enabled })}
              />
            </section>
            <footer className={css.footer}>
              {save.error && <ErrorPanel error={save.error} />}
              {leaving ? (
                <>
                  <p role="alert">{t('checks.editor.unsaved')}</p>
                  <Button variant="default" onClick={closeDraft}>
                    {t('checks.editor.discard')}
                  </Button>
                  <Button autoFocus onClick={() => setLeaving(false)}>
                    {t('checks.editor.goOn')}
                  </Button>
                </>
              ) : (
                <>
                  <p role="status">
                    {tried && problems.size > 0 && (
                      <span className={css.wrong}>
                        <IconAlertTriangle size={18} aria-hidden /> {t('checks.editor.check')}
                      </span>
                    )}
                  </p>
                  <Button variant="default" onClick={close}>
                    {t('checks.editor.cancel')}
                  </Button>
                  <WriteButton type="submit" loading={save.pending}>
                    {t('checks.editor.save')}
                  </WriteButton>
                </>
              )}
            </footer>
          </form>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** The places that are another one in the second: of publishing and expecting each member by itself. */
function differing(before: CheckDraft, after: CheckDraft): string[] {
  const members = <T extends object>(name: string, one: T, other: T) =>
    (Object.keys(other) as (keyof T & string)[]).filter((key) => one[key] !== other[key]).map((key) => `${name}.${key}`);
  const expected = members('expect', before.expect, after.expect);
  return [
    ...(before.name === after.name ? [] : ['name']),
    ...members('publish', before.publish, after.publish),
    ...expected,
    // in the check they are one member
    ...(expected.some((place) => /\.(text|path|value|compare)$/.test(place)) ? ['expect.match'] : []),
    ...(before.publish.code === after.publish.code ? [] : ['publish.answer']),
  ];
}

/** Unfolds and focuses the first field that something is wrong with. */
function showFirst(form: HTMLFormElement | null): void {
  const first = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  first?.closest('details')?.setAttribute('open', '');
  first?.focus();
  first?.scrollIntoView({ block: 'center' });
}
