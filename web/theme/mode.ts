import { useSyncExternalStore } from "react"
import { type Mode, variables } from "./tokens.ts"

const key = "zhunshi.theme"
const dark = window.matchMedia("(prefers-color-scheme: dark)")
const listeners = new Set<() => void>()

const chosen = (): Mode | null => {
  const kept = localStorage.getItem(key)
  return kept === "light" || kept === "dark" ? kept : null
}

/** The mode in use: the one chosen here, else the system's. */
export const currentMode = (): Mode => chosen() ?? (dark.matches ? "dark" : "light")

/** Puts the variables and the mode on the page; once, before anything is drawn. */
export function openTheme(): void {
  const sheet = document.createElement("style")
  sheet.textContent = variables()
  document.head.prepend(sheet)
  apply()
  dark.addEventListener("change", apply)
}

function apply(): void {
  document.documentElement.dataset.theme = currentMode()
  for (const listener of listeners) listener()
}

/** The mode in use and a switch to the other one, which is remembered. */
export function useMode(): { mode: Mode; toggle(): void } {
  const mode = useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, currentMode)
  return {
    mode,
    toggle() {
      const next = mode === "dark" ? "light" : "dark"
      if (next === (dark.matches ? "dark" : "light")) localStorage.removeItem(key)
      else localStorage.setItem(key, next)
      apply()
    },
  }
}
