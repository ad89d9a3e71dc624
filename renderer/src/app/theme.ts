import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';
import { cssVariables, dark, darkContrast, light, lightContrast } from './tokens.ts';

/** Petrol, the one brand colour. Shade 7 is the brand on light ground, shade 3 on dark ground. */
const petrol: MantineColorsTuple = [
  '#eef8f7',
  '#dff0ef',
  '#86dbd7',
  '#4fc3bf',
  '#2a9d9a',
  '#1a8082',
  '#0f6d71',
  '#0a5f63',
  '#064548',
  '#04302f',
];

/** Every variant from the tokens: the library's own shades know nothing of 7:1. */
const variants: VariantColorsResolver = ({ variant }) => {
  switch (variant) {
    case 'filled':
      return {
        background: 'var(--fk-brand)',
        hover: 'var(--fk-brand-hover)',
        color: 'var(--fk-on-brand)',
        border: '1px solid transparent',
      };
    case 'subtle':
    case 'transparent':
      return {
        background: 'transparent',
        hover: 'var(--fk-brand-soft)',
        color: 'var(--fk-brand-strong)',
        border: '1px solid transparent',
      };
    case 'light':
      return {
        background: 'var(--fk-brand-soft)',
        hover: 'var(--fk-brand-soft)',
        color: 'var(--fk-brand-strong)',
        border: '1px solid transparent',
      };
    default:
      return {
        background: 'var(--fk-panel)',
        hover: 'var(--fk-sunken)',
        color: 'var(--fk-text)',
        border: '1px solid var(--fk-control)',
      };
  }
};

/** Heights are for fingers and gloves: 44 for what stands in a row, 48 for controls, 56 for the one primary action. */
const buttonSizes: Record<string, { readonly height: string; readonly padding: string; readonly size: string }> = {
  sm: { height: '44px', padding: '16px', size: '15px' },
  md: { height: '48px', padding: '20px', size: '16px' },
  lg: { height: '56px', padding: '28px', size: '17px' },
};

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 3 },
  colors: { petrol },
  fontFamily: "'Inter Variable', system-ui, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', 'Cascadia Mono', ui-monospace, Consolas, monospace",
  fontSizes: { xs: '14px', sm: '15px', md: '16px', lg: '17px', xl: '18px' },
  defaultRadius: '8px',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver: variants,
  components: {
    Button: Button.extend({
      vars: (_theme, props) => {
        const size = buttonSizes[String(props.size ?? 'md')] ?? buttonSizes.md;
        return { root: { '--button-height': size?.height, '--button-padding-x': size?.padding, '--button-fz': size?.size } };
      },
    }),
    Input: Input.extend({
      vars: () => ({ wrapper: { '--input-height': '48px', '--input-fz': '16px', '--input-padding': '14px' } }),
    }),
  },
});

/** The library's semantic variables, pointed at the tokens. */
const semantic = {
  '--mantine-color-body': 'var(--fk-bg)',
  '--mantine-color-text': 'var(--fk-text)',
  '--mantine-color-dimmed': 'var(--fk-muted)',
  '--mantine-color-placeholder': 'var(--fk-faint)',
  '--mantine-color-error': 'var(--fk-bad)',
  '--mantine-color-anchor': 'var(--fk-brand-strong)',
  '--mantine-color-default': 'var(--fk-panel)',
  '--mantine-color-default-hover': 'var(--fk-sunken)',
  '--mantine-color-default-color': 'var(--fk-text)',
  '--mantine-color-default-border': 'var(--fk-control)',
  '--mantine-primary-color-filled': 'var(--fk-brand)',
};

export const variablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...cssVariables(light), ...semantic },
  dark: { ...cssVariables(dark), ...semantic },
});

/** The same with the tokens of high contrast; global.css thickens lines and rings beside it. */
export const highContrastResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...cssVariables(lightContrast), ...semantic },
  dark: { ...cssVariables(darkContrast), ...semantic },
});
