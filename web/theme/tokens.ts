import { type ThemeConfig, theme } from "antd"
import tokens from "../look/tokens.json"

export type Mode = "light" | "dark"

type Components = NonNullable<ThemeConfig["components"]>

/** Ant Design's theme of a mode: what dark does not name it takes from light. */
export function antdTheme(mode: Mode): ThemeConfig {
  const { light, dark } = tokens.antd
  const components: Record<string, object> = { ...light.components }
  if (mode === "dark")
    for (const [name, own] of Object.entries(dark.components))
      components[name] = { ...components[name], ...own }
  return {
    algorithm: mode === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: { ...light.token, ...(mode === "dark" ? dark.token : {}), fontFamily: "var(--font)" },
    components: components as Components,
  }
}

/** The variables of both modes as a stylesheet: surfaces by name, states as `--near-fg`, charts as `--c-spent`. */
export function variables(): string {
  return `:root{${declare("light")}}[data-theme=dark]{${declare("dark")}}:root:lang(en){${font("English Quotes")}}`
}

const font = (...first: string[]): string =>
  `--font:${[...first.map((name) => `"${name}"`), tokens.font.family].join(",")}`

function declare(mode: Mode): string {
  const lines = Object.entries(tokens.surface[mode]).map(([name, value]) => `--${name}:${value}`)
  for (const [state, { fg, bg, border, fill }] of Object.entries(tokens.state[mode]))
    lines.push(
      `--${state}-fg:${fg}`,
      `--${state}-bg:${bg}`,
      `--${state}-border:${border}`,
      `--${state}-fill:${fill}`,
    )
  for (const [name, value] of Object.entries(tokens.chart[mode])) lines.push(`--c-${name}:${value}`)
  lines.push(font(), `--code:${tokens.font.code}`, `color-scheme:${mode}`)
  return lines.join(";")
}
