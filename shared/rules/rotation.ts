/** How long certificates live and from when on they count as due, in days. Presets of product.md. */
export interface RotationPreset {
  readonly deviceDays: number;
  readonly brokerDays: number;
  readonly warnDays: number;
}

export const rotationPresets = {
  /** S2.4: devices of 90 days, a warning 30 days before. */
  short: { deviceDays: 90, brokerDays: 397, warnDays: 30 },
  /** What a new project has. */
  yearly: { deviceDays: 365, brokerDays: 397, warnDays: 30 },
  /** S3.5: servers 1–2 years, clients 2–3 years, renewed 30 days before. */
  industrial: { deviceDays: 1095, brokerDays: 730, warnDays: 30 },
} as const satisfies Record<string, RotationPreset>;

export type RotationPresetName = keyof typeof rotationPresets;
