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
}

/** Those who stand beside the machines; whoever else there is reads from an office. */
const inField: readonly string[] = ['device', 'gateway'];

/** Lines that one box holds; more are counted. */
const linesAtMost = 9;
const [width, height] = [1120, 470];
const column = { width: 320, gap: 80 };

/** OT, bridge and enterprise with what stands there, and every connection that is needed: each goes to the broker, on one port. */
export function SegmentDrawing({ project, broker }: Props) {
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
    <svg className={css.drawing} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary(segments, flow)}>
      <defs>
        <marker id={arrow} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
          <path d="M0 0 10 5 0 10z" className={css.head} />
        </marker>
      </defs>
      {segments.map(({ title, parts }, index) => {
        const x = index * (column.width + column.gap);
        return (
          <g key={title}>
            <rect x={x + 1} y={1} width={column.width - 2} height={height - 2} rx={12} className={css.segment} />
            <text x={x + 20} y={36} className={css.title}>
              {title}
            </text>
            {parts.map(({ head, lines, mono }, place) => (
              <Part
                key={head}
                x={x + 14}
                y={56 + place * 202}
                head={head}
                lines={lines}
                mono={mono}
                more={(count) => t('checklist.sheet.more', { count })}
              />
            ))}
          </g>
        );
      })}
      {[false, true].map((fromRight) => {
        const left = fromRight ? 2 * column.width + column.gap : column.width;
        const ends = fromRight ? { x1: left + column.gap - 2, x2: left + 2 } : { x1: left + 2, x2: left + column.gap - 2 };
        return (
          <g key={String(fromRight)}>
            <line {...ends} y1={130} y2={130} className={css.flow} markerEnd={`url(#${arrow})`} />
            <text x={left + column.gap / 2} y={112} className={css.label}>
              MQTT
            </text>
            <text x={left + column.gap / 2} y={156} className={css.label}>
              {`TLS ${kit.tlsMinimum.replace('tlsv', '')}+`}
            </text>
            <text x={left + column.gap / 2} y={176} className={css.label}>
              {`TCP ${port}`}
            </text>
          </g>
        );
      })}
      {kit.shipping !== 'none' && (
        <line
          x1={2 * column.width + column.gap + 2}
          x2={2 * column.width + 2 * column.gap - 2}
          y1={340}
          y2={340}
          className={css.flow}
          markerEnd={`url(#${arrow})`}
        />
      )}
    </svg>
  );
}

interface PartProps {
  readonly x: number;
  readonly y: number;
  readonly head: string;
  readonly lines: readonly string[];
  readonly mono: boolean;
  readonly more: (count: number) => string;
}

function Part({ x, y, head, lines, mono, more }: PartProps) {
  const most = linesAtMost - 2;
  const shown = lines.length > most ? [...lines.slice(0, most - 1), more(lines.length - most + 1)] : lines;
  return (
    <g>
      <rect x={x} y={y} width={column.width - 28} height={192} rx={8} className={css.part} />
      <text x={x + 14} y={y + 26} className={css.small}>
        {head}
      </text>
      {shown.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no other name and are drawn anew together
        <text key={index} x={x + 14} y={y + 50 + index * 21} className={mono ? css.mono : css.line}>
          {line.length > 38 ? `${line.slice(0, 37)}…` : line}
          <title>{line}</title>
        </text>
      ))}
    </g>
  );
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
