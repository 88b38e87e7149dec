import {
  Ban,
  CalendarCheck,
  CalendarDays,
  CircleDot,
  ClipboardList,
  type LucideIcon,
  PackageCheck,
  Pause,
  ReceiptText,
  ScanLine,
  TriangleAlert,
  Truck,
  Undo2,
  Wallet,
} from "lucide-react"
import { exact, type Told } from "../time/dates.ts"
import { useWords } from "../words/words.ts"
import type { Hint } from "./LineOfTime.tsx"
import { labelText, type Placed, type Scale } from "./layout.ts"
import type { Mark, MarkIcon } from "./model.ts"

const icons: Record<MarkIcon, LucideIcon> = {
  created: ReceiptText,
  paid: Wallet,
  prepared: ClipboardList,
  shipped: Truck,
  collected: ScanLine,
  delivered: PackageCheck,
  cancelled: Ban,
  refunded: Undo2,
  moved: CalendarDays,
  agreed: CalendarCheck,
  breach: TriangleAlert,
  note: CircleDot,
  hold: Pause,
}
const middle = 51
const labelY = 36
const tones: Record<Mark["tone"], string> = {
  ink: "var(--text2)",
  plain: "var(--text2)",
  over: "var(--over-fg)",
  met: "var(--met-fg)",
  paused: "var(--paused-fg)",
}

type Props = {
  placed: Placed[]
  scale: Scale
  now: number
  told: Told
  narrow: boolean
  hatch: string
  onHint: (hint: Hint | null) => void
}

/** One row of what happened: solid until now, dotted after; marks are 18-px circles, holds are hatched. */
export function Spine({ placed, scale, now, told, narrow, hatch, onHint }: Props) {
  const { t } = useWords()
  const first = placed[0]?.x ?? scale.left
  const nowX = Math.min(scale.right, Math.max(scale.left, scale.x(now)))
  return (
    <g>
      {nowX > first && (
        <line x1={first} x2={nowX} y1={middle} y2={middle} stroke="var(--text2)" strokeWidth="1.5" />
      )}
      <line
        x1={nowX}
        x2={scale.right}
        y1={middle}
        y2={middle}
        stroke="var(--lineStrong)"
        strokeWidth="1.5"
        strokeDasharray="1.5 4"
      />
      {!narrow && (
        <text x="0" y="55" style={{ fontSize: 12 }}>
          {t("line.events")}
        </text>
      )}
      {placed.map((each) => {
        const lines = each.marks.flatMap(({ label, at, detail }) =>
          [`${label}, ${exact(at, told.zone)}`, detail].filter((line) => line !== ""),
        )
        const show = () => onHint({ x: each.x, y: middle + 14, lines })
        const [mark] = each.marks as [Mark]
        return (
          // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: each mark tells its exact instant to the keyboard too
          <g
            key={mark.key}
            data-mark=""
            tabIndex={0}
            role="img"
            aria-label={lines.join("; ")}
            onPointerEnter={show}
            onPointerLeave={() => onHint(null)}
            onFocus={show}
            onBlur={() => onHint(null)}
          >
            {each.until !== null ? (
              <rect
                x={each.x}
                y={middle - 5}
                width={Math.max(4, each.until - each.x)}
                height="10"
                fill={`url(#${hatch})`}
                stroke="var(--paused-fill)"
              />
            ) : (
              <Circle x={each.x} marks={each.marks} />
            )}
            {each.label && (
              <text
                x={each.label.x}
                y={labelY}
                textAnchor={each.label.anchor}
                style={{ fill: toneOf(each.marks) }}
              >
                {labelText(each, narrow)}
              </text>
            )}
          </g>
        )
      })}
    </g>
  )
}

const toneOf = (marks: readonly Mark[]): string =>
  tones[marks.reduce((best, mark) => (mark.weight > best.weight ? mark : best)).tone]

function Circle({ x, marks }: { x: number; marks: Mark[] }) {
  const [mark] = marks as [Mark]
  if (marks.length > 1)
    return (
      <>
        <circle cx={x} cy={middle} r="8.5" fill="var(--bg)" stroke="var(--text2)" strokeWidth="1.25" />
        <text x={x} y={middle + 4} textAnchor="middle" className="tx2" style={{ fontWeight: 600 }}>
          {marks.length}
        </text>
      </>
    )
  const solid = mark.tone !== "plain"
  const Icon = icons[mark.icon]
  return (
    <>
      <circle
        cx={x}
        cy={middle}
        r="9"
        fill={solid ? tones[mark.tone] : "var(--bg)"}
        stroke={tones[mark.tone]}
        strokeWidth="1.25"
      />
      <Icon
        x={x - 5.5}
        y={middle - 5.5}
        size={11}
        strokeWidth={2}
        color={solid ? "var(--bg)" : "var(--text2)"}
      />
    </>
  )
}
