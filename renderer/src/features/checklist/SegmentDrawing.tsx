import { useElementSize } from '@mantine/hooks';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { roleName } from '../../ui/role-name.ts';
import css from './NetworkSheet.module.css';

type Project = CallOutput<'project.overview'>;

interface Props {
  readonly project: Pick<Project, 'roleCounts'>;
  readonly broker: NonNullable<Project['broker']>;
  /** On paper there is always room. */
  readonly paper?: boolean;
}

/** Those who stand beside the machines; whoever else there is reads from an office. */
const inField: readonly string[] = ['device', 'gateway'];

/** Lines that one box holds; more are counted. */
const linesAtMost = 6;
const boxHeight = 192;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly segment: (index: number) => Place;
  readonly part: (segment: Place, place: number) => Place;
  /** From and to the broker in the middle: the arrow's ends, and where what it says stands. */
  readonly flow: (fromEnd: boolean) => { readonly from: Point; readonly to: Point; readonly labels: readonly Point[] };
  readonly log: { readonly from: Point; readonly to: Point };
  /** Letters in a line of a box. */
  readonly letters: { readonly text: number; readonly mono: number };
}

type Point = readonly [x: number, y: number];

/** Side by side, where there is room for that; otherwise one below the other, so that it can be read. */
const layouts = {
  beside: {
    width: 1120,
    height: 470,
    segment: (index) => ({ x: index * 400, y: 0, width: 320, height: 470 }),
    part: ({ x }, place) => ({ x: x + 14, y: 56 + place * 202, width: 292, height: boxHeight }),
    flow: (fromEnd) => {
      const left = fromEnd ? 720 : 320;
      const labels = ([112, 158, 180] as const).map((y): Point => [left + 40, y]);
      return fromEnd
        ? { from: [left + 78, 130], to: [left + 2, 130], labels }
        : { from: [left + 2, 130], to: [left + 78, 130], labels };
    },
    log: { from: [722, 340], to: [798, 340] },
    letters: { text: 30, mono: 28 },
  },
  below: {
    width: 720,
    height: 906,
    segment: (index) => ({ x: 0, y: index * 325, width: 720, height: 256 }),
    part: ({ x, y }, place) => ({ x: x + 14 + place * 352, y: y + 50, width: 340, height: boxHeight }),
    flow: (fromEnd) => {
      const y = fromEnd ? 581 : 256;
      const labels: Point[] = [
        [200, y + 40],
        [278, y + 40],
        [364, y + 40],
      ];
      return fromEnd ? { from: [150, y + 67], to: [150, y + 2], labels } : { from: [150, y + 2], to: [150, y + 67], labels };
    },
    log: { from: [530, 583], to: [530, 648] },
    letters: { text: 38, mono: 34 },
  },
} as const satisfies Record<string, Layout>;

/** px: where texts of a drawing side by side would become smaller than can be read. */
const wideEnough = 880;

/** OT, bridge and enterprise with what stands there, and every connection that is needed: each goes to the broker, on one port. */
export function SegmentDrawing({ project, broker, paper = false }: Props) {
  const { ref, width: room } = useElementSize();
  const layout: Layout = paper || room === 0 || room >= wideEnough ? layouts.beside : layouts.below;
  const { t } = useTranslation();
  const format = useFormat();
  // the drawing stands there twice, and paper finds no arrow in the one that is hidden
  const arrow = useId().replace(/\W/g, '');
  const { kit, port } = broker;
  const counted = (field: boolean) => {
    const found = Object.entries(project.roleCounts).filter(([role]) => inField.includes(role) === field);
    return found.map(([role, count]) => `${roleName(t, role)}: ${format.number(count)}`);
  };
  const orNone = (lines: string[]) => (lines.length > 0 ? lines : [t('checklist.sheet.nobody')]);
  const networks = kit.networks.length > 0 ? kit.networks : [t('checklist.sheet.anywhere')];
  const segments = [
    {
      title: t('checklist.sheet.ot'),
      parts: [
        { head: t('checklist.sheet.clients'), lines: orNone(counted(true)), mono: false },
        { head: t('checklist.sheet.networks'), lines: networks, mono: kit.networks.length > 0 },
      ],
    },
    {
      title: t('checklist.sheet.bridge'),
      parts: [
        { head: t('checklist.sheet.broker'), lines: [...broker.names, ...broker.addresses, `TCP ${port}`], mono: true },
        {
          head: t('checklist.sheet.firewall'),
          lines:
            kit.networks.length > 0
              ? [
                  ...kit.networks.map((network) => `✓ ${network} → TCP ${port}`),
                  `✗ ${t('checklist.sheet.everybody')} → TCP ${port}`,
                ]
              : [t('checklist.sheet.noRules')],
          mono: false,
        },
      ],
    },
    {
      title: t('checklist.sheet.enterprise'),
      parts: [
        { head: t('checklist.sheet.clients'), lines: orNone(counted(false)), mono: false },
        {
          head: t('checklist.sheet.logs'),
          lines: [kit.shipping === 'none' ? t('checklist.sheet.noLogs') : kit.shippingTarget],
          mono: kit.shipping !== 'none',
        },
      ],
    },
  ];
  const flow = t('checklist.sheet.flow', { port });
  return (
    <div ref={ref}>
      <svg
        className={css.drawing}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="img"
        aria-label={summary(segments, flow)}
      >
        <defs>
          <marker id={arrow} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
            <path d="M0 0 10 5 0 10z" className={css.head} />
          </marker>
        </defs>
        {segments.map(({ title, parts }, index) => {
          const { x, y, width, height } = layout.segment(index);
          return (
            <g key={title}>
              <rect x={x + 1} y={y + 1} width={width - 2} height={height - 2} rx={12} className={css.segment} />
              <text x={x + 20} y={y + 35} className={css.title}>
                {title}
              </text>
              {parts.map(({ head, lines, mono }, place) => (
                <Part
                  key={head}
                  at={layout.part({ x, y, width, height }, place)}
                  letters={mono ? layout.letters.mono : layout.letters.text}
                  head={head}
                  lines={lines}
                  mono={mono}
                  more={(count) => t('checklist.sheet.more', { count })}
                />
              ))}
            </g>
          );
        })}
        {[false, true].map((fromEnd) => {
          const { from, to, labels } = layout.flow(fromEnd);
          const words = ['MQTT', `TLS ${kit.tlsMinimum.replace('tlsv', '')}+`, `TCP ${port}`];
          return (
            <g key={String(fromEnd)}>
              <line x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} className={css.flow} markerEnd={`url(#${arrow})`} />
              {labels.map(([x, y], index) => (
                <text key={words[index]} x={x} y={y} className={css.label}>
                  {words[index]}
                </text>
              ))}
            </g>
          );
        })}
        {kit.shipping !== 'none' && (
          <line
            x1={layout.log.from[0]}
            y1={layout.log.from[1]}
            x2={layout.log.to[0]}
            y2={layout.log.to[1]}
            className={css.flow}
            markerEnd={`url(#${arrow})`}
          />
        )}
      </svg>
    </div>
  );
}

interface PartProps {
  readonly at: Place;
  readonly letters: number;
  readonly head: string;
  readonly lines: readonly string[];
  readonly mono: boolean;
  readonly more: (count: number) => string;
}

function Part({ at: { x, y, width, height }, letters, head, lines, mono, more }: PartProps) {
  const all = lines.map((line) => broken(line, letters));
  const whole = all.flat().length <= linesAtMost;
  const fits = whole ? all.length : all.findIndex((_, index) => all.slice(0, index + 1).flat().length > linesAtMost - 1);
  const shown = [...all.slice(0, fits).flat(), ...(whole ? [] : [more(lines.length - fits)])];
  return (
    <g>
      <rect x={x} y={y} width={width} height={height} rx={8} className={css.part} />
      <text x={x + 14} y={y + 26} className={css.small}>
        {head}
      </text>
      {shown.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no other name and are drawn anew together
        <text key={index} x={x + 14} y={y + 52 + index * 24} className={mono ? css.mono : css.line}>
          {line}
        </text>
      ))}
    </g>
  );
}

/** A text in lines of at most so many letters, between words where it can be. */
export function broken(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else for (let from = 0; from < Math.max(1, word.length); from += letters) lines.push(word.slice(from, from + letters));
  }
  return lines;
}

type Segment = {
  readonly title: string;
  readonly parts: readonly { readonly head: string; readonly lines: readonly string[] }[];
};

/** The drawing in words, for those who do not see it. */
function summary(segments: readonly Segment[], flow: string): string {
  const said = segments.map(
    ({ title, parts }) => `${title}: ${parts.map(({ head, lines }) => `${head}: ${lines.join(', ')}`).join('; ')}`,
  );
  return `${said.join('. ')}. ${flow}`;
}
