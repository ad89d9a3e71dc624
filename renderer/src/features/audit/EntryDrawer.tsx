import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Drawer.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/CloseButton.css';
import { Drawer } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../../shared/model/audit.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import type { Format } from '../../locales/format.ts';
import { Code } from '../../ui/Code.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { Hex } from '../../ui/Hex.tsx';
import css from './Audit.module.css';
import { momentOf, reasonWord, sentenceOf } from './sentence.ts';
import { wordOf } from './word.ts';

interface Props {
  readonly entry: AuditEntry;
  readonly project: string | null;
  readonly onClose: () => void;
}

/** One entry in all its parts. Esc closes it and the focus goes back to its row. */
export function EntryDrawer({ entry, project, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = t('audit.entry.title', { seq: format.number(entry.seq) });
  const facts: Fact[] = [
    { term: t('audit.entry.at'), value: momentOf(entry.at, t, format) },
    { term: t('audit.entry.operator'), value: entry.operator },
    ...(project === null ? [] : [{ term: t('audit.entry.project'), value: project }]),
    ...Object.entries(entry.detail).map(([name, value]) => factOf(name, value, t, format)),
    { term: t('audit.entry.name'), value: <span className="mono">{entry.action}</span> },
  ];
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position="right"
      size={560}
      transitionProps={{ duration: 0 }}
      classNames={{ content: css.drawer ?? '', body: css.drawerBody ?? '' }}
    >
      <Drawer.Overlay backgroundOpacity={0.45} />
      <Drawer.Content aria-label={title} radius={0}>
        <div className={css.drawerHead}>
          <h2 className={css.drawerTitle}>{title}</h2>
          <Drawer.CloseButton size={48} iconSize={22} aria-label={t('common.close')} />
        </div>
        <Drawer.Body>
          <p className={css.sentence}>{sentenceOf(entry, t, format, true)}</p>
          <Facts facts={facts} />
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

const dates = new Set(['endedAt', 'notAfter', 'nextUpdate', 'at', 'known']);
const words: Readonly<Record<string, string>> = {
  kind: 'audit.kind',
  state: 'audit.state',
  role: 'common.role',
  before: 'common.role',
  key: 'common.keyAlgorithm',
  by: 'audit.by',
  outcome: 'audit.outcome',
};

function factOf(name: string, value: AuditEntry['detail'][string], t: TFunction, format: Format): Fact {
  const term = wordOf(t, 'audit.field', name);
  if (value === null) return { term, value: t('common.none') };
  if (typeof value === 'boolean') return { term, value: value ? t('audit.entry.yes') : t('audit.entry.no') };
  if (typeof value === 'number') return { term, value: name === 'port' ? String(value) : format.number(value) };
  const group = words[name];
  if (group !== undefined) return { term, value: wordOf(t, group, value) };
  if (name === 'reason') return { term, value: reasonWord(t, value) };
  if (dates.has(name) && !Number.isNaN(Date.parse(value))) return { term, value: format.dateTime(Date.parse(value)) };
  if (/^[0-9a-f]{16,}$/.test(value)) return { term, value: <Hex value={value} what={term} />, wide: true };
  if (/^[[{]/.test(value)) return { term, value: <Code text={indented(value)} what={term} block />, wide: true };
  return { term, value: value === '' ? t('common.none') : value, wide: value.length > 40 };
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
