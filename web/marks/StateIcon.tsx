import type { CSSProperties, ReactNode } from "react"
import { colourOf, type MarkState } from "./states.ts"

const ring = <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
const glyph = {
  stroke: "var(--glyph,var(--bg))",
  strokeWidth: 1.8,
  strokeLinecap: "round",
  fill: "none",
} as const

/** The silhouettes, told apart without colour and at 12 px (LOOK §4). */
const silhouettes: Record<MarkState, ReactNode> = {
  calm: (
    <>
      {ring}
      <path d="M8 8V4.2A3.8 3.8 0 0 1 11.8 8Z" fill="currentColor" />
    </>
  ),
  near: (
    <>
      {ring}
      <path d="M8 8V4.2A3.8 3.8 0 1 1 4.2 8Z" fill="currentColor" />
    </>
  ),
  over: (
    <>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z" fill="currentColor" />
      <path d="M8 4.4v4.4M8 11.2v.4" {...glyph} />
    </>
  ),
  paused: (
    <>
      <rect
        x="1.75"
        y="1.75"
        width="12.5"
        height="12.5"
        rx="3"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
      <path d="M6.1 5.3v5.4M9.9 5.3v5.4" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  met: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.9 8.2 2.2 2.2 4-4.4" strokeLinejoin="round" {...glyph} />
    </>
  ),
  cancelled: (
    <>
      {ring}
      <path d="M3.8 12.2 12.2 3.8" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  unconfirmed: (
    <>
      {ring}
      <path
        d="M6.2 6.4a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.8.6-.8 1.1M8 11.4v.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
      />
    </>
  ),
}

/** The mark of a state in its colour; its word belongs beside it or in the name of what it stands in. */
export function StateIcon({ state, size = 14 }: { state: MarkState; size?: number }) {
  const style: CSSProperties = { color: `var(--${colourOf(state)}-fg)` }
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" style={style}>
      {silhouettes[state]}
    </svg>
  )
}
