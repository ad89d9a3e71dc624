/** The sign of Fieldkey: a key whose bow is a field of four. Drawn, so that it takes the colours of the theme. */
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" aria-hidden="true" focusable="false">
      <rect width="28" height="28" rx="8" fill="var(--fk-brand)" />
      <g fill="none" stroke="var(--fk-on-brand)" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="10.5" cy="14" r="4.2" />
        <path d="M14.7 14h7.3M18.6 14v3M22 14v3.6" />
      </g>
    </svg>
  );
}
