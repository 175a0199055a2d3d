import { text } from '@/text/en';
import { type CSSVariablesResolver, type MantineColorsTuple, createTheme, rem } from '@mantine/core';

// Harbour: the one accent. Everything that can be pressed and everything that
// is selected wears it; the sources keep their own colours.
const harbour: MantineColorsTuple = [
  '#eaf6f8',
  '#d5eaee',
  '#a9d4dd',
  '#79bdcb',
  '#52a9bb',
  '#3899ae',
  '#1f8197',
  '#0d6478',
  '#0a5364',
  '#063f4d',
];

// Greys with a little warmth, like paper.
const gray: MantineColorsTuple = [
  '#faf9f7',
  '#f4f2ef',
  '#e9e6e1',
  '#dcd8d1',
  '#c3beb5',
  '#a19b91',
  '#736d64',
  '#575249',
  '#37332d',
  '#1f1c18',
];

// Ink: from the lightest text to the deepest ground of the dark scheme.
const dark: MantineColorsTuple = [
  '#d5dadd',
  '#b4bcc1',
  '#98a2a9',
  '#5d6a73',
  '#39454d',
  '#2b353c',
  '#1b2328',
  '#161d21',
  '#12181c',
  '#0c1114',
];

const dialogTitle = { fontSize: rem(17), fontWeight: 620 };

export const theme = createTheme({
  primaryColor: 'harbour',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  colors: { harbour, gray, dark },
  white: '#ffffff',
  black: '#1f1c18',
  fontFamily: '"Geist Variable", ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace',
  fontSizes: { xs: rem(12), sm: rem(13.5), md: rem(15), lg: rem(17), xl: rem(20) },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.55', lg: '1.55', xl: '1.5' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: rem(24), lineHeight: '1.25' },
      h2: { fontSize: rem(18), lineHeight: '1.3' },
      h3: { fontSize: rem(15), lineHeight: '1.4' },
    },
  },
  spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(36) },
  radius: { xs: rem(4), sm: rem(6), md: rem(9), lg: rem(14), xl: rem(22) },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { blur: 2 },
        closeButtonProps: { 'aria-label': text.common.close },
        styles: { title: dialogTitle },
      },
    },
    Drawer: {
      defaultProps: { closeButtonProps: { 'aria-label': text.common.close }, styles: { title: dialogTitle } },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': text.common.close } } },
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Loader: { defaultProps: { type: 'dots' } },
  },
});

const shared = {
  '--mantine-color-body': 'var(--p-ground)',
  '--mantine-color-text': 'var(--p-text)',
  '--mantine-color-dimmed': 'var(--p-text-quiet)',
  '--mantine-color-anchor': 'var(--p-selected-line)',
  '--mantine-color-error': 'var(--p-danger)',
};

const softDark = {
  light: '#14303a',
  'light-hover': '#193b47',
  'light-color': '#8fd0de',
};

/** What Mantine's own parts wear: the colours of global.css. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...shared, '--mantine-color-placeholder': '#787167' },
  dark: {
    ...shared,
    '--mantine-color-placeholder': '#8d9aa2',
    ...Object.fromEntries(
      Object.entries(softDark).flatMap(([part, colour]) => [
        [`--mantine-color-harbour-${part}`, colour],
        [`--mantine-primary-color-${part}`, colour],
      ]),
    ),
  },
});
