import { useTick } from "../time/now.ts"
import { colourOf, type MarkState } from "./states.ts"

const hourMs = 3_600_000
const notch = 26
const reach = 24
const reachShownPast = 25

/** The bar of a row: the notch is due, red to its left is overrun, the state's fill to its right is time left; one fixed scale for the whole column (LOOK §7). */
export function NotchBar({
  state,
  dueAt,
  closedAt = null,
  hours = 20,
}: {
  state: MarkState
  dueAt: number | null
  closedAt?: number | null
  hours?: number
}) {
  const left = useTick((now) => {
    if (dueAt === null) return 0
    const ms = dueAt - (closedAt ?? now)
    const px = Math.round((ms / (hours * hourMs)) * reach * 4) / 4
    return Math.max(-reachShownPast, Math.min(reach, px === 0 && ms !== 0 ? Math.sign(ms) : px))
  })
  const width = Math.max(Math.abs(left), left === 0 ? 0 : 2)
  return (
    <svg width="50" height="14" viewBox="0 0 50 14" aria-hidden="true">
      {left < 0 && <rect x={notch - width} y="4" width={width} height="6" rx="1" fill="var(--over-fill)" />}
      {left > 0 && (
        <rect x={notch} y="4" width={width} height="6" rx="1" fill={`var(--${colourOf(state)}-fill)`} />
      )}
      <path d={`M${notch} 1v12`} stroke="var(--text3)" strokeWidth="1" />
    </svg>
  )
}
