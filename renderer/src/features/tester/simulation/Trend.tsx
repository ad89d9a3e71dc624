import css from './Simulation.module.css';

interface Props {
  readonly title: string;
  readonly values: readonly number[];
  /** The highest value, in words. */
  readonly peak: string;
}

const width = 300;
const height = 64;

/** How one figure went over the run: a line, its highest value beside it. The figures themselves stand in the table. */
export function Trend({ title, values, peak }: Props) {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map(
    (value, at) => `${(at * step).toFixed(1)},${(height - 2 - (value / most) * (height - 6)).toFixed(1)}`,
  );
  return (
    <figure className={css.trend}>
      <figcaption>
        <span>{title}</span>
        <span>{peak}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden>
        <line x1="0" x2={width} y1={height - 1} y2={height - 1} />
        <polyline points={points.join(' ')} />
      </svg>
    </figure>
  );
}
