import { createTheme, type MantineColorsTuple } from "@mantine/core";

const teal: MantineColorsTuple = [
  "#f0fdfa",
  "#ccfbf1",
  "#99f6e4",
  "#5eead4",
  "#2dd4bf",
  "#14b8a6",
  "#0d9488",
  "#0f766e",
  "#115e59",
  "#134e4a",
];
/** Greys with a little warmth. */
const gray: MantineColorsTuple = [
  "#faf9f8",
  "#f4f3f1",
  "#eae8e5",
  "#dedbd7",
  "#cbc7c2",
  "#a19c96",
  "#68645f",
  "#524e4a",
  "#363330",
  "#1e1c1a",
];
/** In dark mode: 0 is text, 2 is dimmed text, 4 are borders, 7 is the page. */
const dark: MantineColorsTuple = [
  "#ebe9e6",
  "#cbc7c2",
  "#a5a09a",
  "#7d7872",
  "#3b3835",
  "#2c2a28",
  "#22201f",
  "#151413",
  "#100f0e",
  "#0b0a0a",
];

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: 7,
  black: gray[9],
  colors: { teal, gray, dark },
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1rem", lineHeight: "1.4" },
      h3: { fontSize: "0.875rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  components: {
    // The keyboard comes to an open menu's first entry, where one sees it.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // Its title bar is a `header`, which outside of `main` would count as the page's banner.
    Modal: {
      defaultProps: {
        attributes: { header: { role: "presentation" } },
        styles: {
          title: { fontWeight: 620 },
          header: { background: "var(--nhip-surface)" },
          content: { background: "var(--nhip-surface)", border: "1px solid var(--nhip-line)" },
        },
      },
    },
  },
  cursorType: "pointer",
  respectReducedMotion: true,
});
