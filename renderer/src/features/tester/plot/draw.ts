import UPlot from 'uplot';
import type { Series } from './plot-store.ts';
import { aligned, thin } from './series.ts';

/** Strokes that tell lines apart without colours. */
export const dashes: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [12, 4, 2, 4],
  [5, 5],
  [14, 6],
  [3, 6],
  [8, 3, 2, 3, 2, 3],
];

export interface Look {
  readonly text: string;
  readonly grid: string;
  readonly ground: string;
  readonly font: string;
  /** Of the series, in their order. */
  readonly lines: readonly string[];
}

export interface DrawOptions {
  readonly look: Look;
  /** Each line from its lowest to its highest value; otherwise all share one axis. */
  readonly ownScales: boolean;
  readonly time: (at: number, range: number) => string;
  readonly number: (value: number) => string;
  /** A person drew over a part. Times in ms. */
  readonly onZoom: (begin: number, end: number) => void;
}

const scaleOf = (ownScales: boolean, index: number) => (ownScales ? `y${index}` : 'y');

/** The drawing of these lines; `window` says which times it shows at each moment. */
export function drawing(
  into: HTMLElement,
  series: readonly Series[],
  window: () => readonly [number, number],
  { look, ownScales, time, number, onZoom }: DrawOptions,
): UPlot {
  const axis = {
    stroke: look.text,
    font: look.font,
    grid: { stroke: look.grid, width: 1 },
    ticks: { stroke: look.grid, width: 1 },
  };
  const sides = ownScales ? Math.min(2, series.length) : 1;
  const scales: UPlot.Scales = { x: { time: false, range: () => [...window()] as [number, number] } };
  for (let at = 0; at < (ownScales ? series.length : 1); at++) scales[scaleOf(ownScales, at)] = { auto: true };
  const drawn = new UPlot(
    {
      width: Math.max(100, into.clientWidth),
      height: Math.max(100, into.clientHeight),
      ms: 1,
      legend: { show: false },
      // what is drawn over is decided by us: the part is thinned out anew
      cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
      scales,
      series: [
        {},
        ...series.map(({ style }, at) => ({
          scale: scaleOf(ownScales, at),
          stroke: look.lines[at] ?? look.text,
          width: 2,
          dash: [...(dashes[style] ?? [])],
          spanGaps: true,
        })),
      ],
      axes: [
        { ...axis, space: 90, values: (u, splits) => splits.map((at) => time(at, spanOf(u))) },
        ...Array.from({ length: sides }, (_, at) => ({
          ...axis,
          // with scales of their own an axis belongs to its line, and has its colour
          stroke: ownScales ? (look.lines[at] ?? look.text) : look.text,
          scale: scaleOf(ownScales, at),
          side: at === 0 ? 3 : 1,
          // as wide as its longest number
          size: (_u: UPlot, values: string[] | null) => 24 + 8 * Math.max(3, ...(values ?? []).map((each) => each.length)),
          grid: at === 0 ? axis.grid : { show: false },
          values: (_u: UPlot, splits: number[]) => splits.map(number),
        })),
      ],
      hooks: {
        setSelect: [
          (u) => {
            if (u.select.width < 4) return;
            onZoom(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'));
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    [[]] as unknown as UPlot.AlignedData,
    into,
  );
  return drawn;
}

function spanOf(u: UPlot): number {
  return (u.scales['x']?.max ?? 0) - (u.scales['x']?.min ?? 0);
}

/** Puts the points of a window into a drawing: as many as it has columns, the peaks among them. */
export function show(drawn: UPlot, series: readonly Series[], [begin, end]: readonly [number, number]): void {
  const columns = Math.max(50, Math.floor(drawn.width));
  drawn.setData(aligned(series.map(({ points }) => thin(points, begin, end, columns))) as UPlot.AlignedData);
}

/** The drawing with its legend below, as a picture. `names`: letter and words of each line. */
export function pictureOf(
  drawn: UPlot,
  { look, names }: { look: Look; names: readonly { sign: string; text: string; dash: readonly number[] }[] },
) {
  const scale = devicePixelRatio;
  const source = drawn.ctx.canvas;
  const canvas = document.createElement('canvas');
  const line = 24 * scale;
  canvas.width = source.width;
  canvas.height = source.height + (names.length + 0.5) * line;
  const context = canvas.getContext('2d');
  if (!context) return Promise.resolve(null);
  context.fillStyle = look.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0);
  context.font = look.font.replace(/^(\S+ )?([\d.]+)px/, (_all, weight = '', size) => `${weight}${Number(size) * scale}px`);
  context.textBaseline = 'middle';
  for (const [at, { sign, text, dash }] of names.entries()) {
    const y = source.height + (at + 0.5) * line;
    context.strokeStyle = look.lines[at] ?? look.text;
    context.lineWidth = 2 * scale;
    context.setLineDash(dash.map((each) => each * scale));
    context.beginPath();
    context.moveTo(16 * scale, y);
    context.lineTo(56 * scale, y);
    context.stroke();
    context.fillStyle = look.text;
    context.fillText(`${sign}  ${text}`, 68 * scale, y, canvas.width - 80 * scale);
  }
  return new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
}
