// biome-ignore-all lint/a11y/useSemanticElements: rows that come and go while scrolling cannot be table elements
// biome-ignore-all lint/a11y/useFocusableInteractive: the table has the keyboard, its rows do not
import { useVirtualizer } from "@tanstack/react-virtual"
import { ArrowDown, ArrowUp } from "lucide-react"
import { type ReactNode, useEffect, useRef, useState } from "react"
import { useKeys } from "../shell/keys.ts"
import { useWords } from "../words/words.ts"
import { EmptyState, ErrorState, Skeleton } from "./Blank.tsx"
import "./table.css"

export type Column<Row> = {
  key: string
  head: ReactNode
  /** a CSS grid width: "164px", "minmax(160px,1fr)" */
  width: string
  align?: "right"
  sorted?: "up" | "down"
  onSort?: () => void
  /** left out on narrow screens */
  wide?: boolean
  cell: (row: Row, index: number) => ReactNode
}

type Props<Row> = {
  label: string
  columns: Column<Row>[]
  /** how many rows there are, fetched or not */
  count: number
  /** a row that is not here yet is drawn as a skeleton */
  row: (index: number) => Row | undefined
  rowKey: (row: Row) => string
  rowHeight?: number
  /** the two or three lines of a row on a phone; without it the columns stay */
  narrow?: (row: Row) => ReactNode
  selected?: string | null
  /** rows that just changed are lit for a moment, in their place */
  changed?: ReadonlySet<string>
  onOpen?: (row: Row, index: number) => void
  onHover?: (row: Row) => void
  /** called with the last index in view, to fetch on */
  onReach?: (index: number) => void
  acts?: (row: Row) => ReactNode
  loading?: boolean
  error?: unknown
  onRetry?: () => void
  empty?: ReactNode
  keys?: boolean
}

const narrowMax = 540

/** A table of any length: only rows in view are drawn; `j` `k` move, `enter` opens; loading, empty, error and forbidden are drawn too. */
export function VirtualTable<Row>(props: Props<Row>) {
  const { columns, count, row, rowKey, narrow, loading, error, empty } = props
  const { t } = useWords()
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const isNarrow = narrow !== undefined && width > 0 && width <= narrowMax
  const height = isNarrow ? 60 : (props.rowHeight ?? 36)
  const [at, setAt] = useState<number | null>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 12,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height is what makes it measure
  useEffect(() => virtual.measure(), [height, virtual])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const { onReach } = props
  useEffect(() => {
    if (count > 0) onReach?.(last)
  }, [last, count, onReach])

  const go = (step: number) => {
    if (count === 0) return
    const next = Math.max(0, Math.min(count - 1, (at ?? selectedIndex()) + step))
    setAt(next)
    virtual.scrollToIndex(next)
    const found = row(next)
    // While a panel is open, moving shows the next one in it.
    if (found && props.selected != null) props.onOpen?.(found, next)
  }
  const selectedIndex = () => items.find(({ index }) => isSelected(index))?.index ?? -1
  const isSelected = (index: number) => {
    const found = row(index)
    return found !== undefined && props.selected != null && rowKey(found) === props.selected
  }
  const open = () => {
    const found = at === null ? undefined : row(at)
    if (found && at !== null) props.onOpen?.(found, at)
  }
  useKeys(
    "marks.keys.table",
    props.keys === false
      ? {}
      : {
          j: { does: "marks.keys.down", act: () => go(1) },
          k: { does: "marks.keys.up", act: () => go(-1) },
          ...(props.onOpen ? { Enter: { does: "marks.keys.open", act: open } } : {}),
        },
  )

  const shown = columns.filter(({ wide }) => !wide || width === 0 || width > 720)
  const grid = shown.map((column) => column.width).join(" ")
  return (
    <div
      className={`vtable ${isNarrow ? "narrow" : ""}`}
      role="table"
      aria-label={props.label}
      aria-rowcount={count}
      ref={box}
    >
      {!isNarrow && (
        <div className="vhead" role="row" style={{ gridTemplateColumns: grid }}>
          {shown.map((column) => (
            <Head key={column.key} column={column} />
          ))}
        </div>
      )}
      {error ? (
        <ErrorState error={error} {...(props.onRetry ? { onRetry: props.onRetry } : {})} />
      ) : loading && count === 0 ? (
        <Skeleton height={height} rows={12} />
      ) : count === 0 ? (
        (empty ?? <EmptyState title={t("marks.nothing")} />)
      ) : (
        <div style={{ height: virtual.getTotalSize(), position: "relative" }} role="rowgroup">
          {items.map(({ index, start }) => {
            const found = row(index)
            const key = found === undefined ? `waiting ${index}` : rowKey(found)
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard moves by j, k and enter
              <div
                key={key}
                role="row"
                aria-rowindex={index + 1}
                aria-selected={isSelected(index)}
                className={`vrow${isSelected(index) ? " selected" : ""}${index === at ? " at" : ""}${props.changed?.has(key) ? " changed" : ""}${props.onOpen ? " opens" : ""}`}
                style={{
                  gridTemplateColumns: isNarrow ? "1fr" : grid,
                  height,
                  transform: `translateY(${start}px)`,
                }}
                onClick={() => {
                  setAt(index)
                  if (found) props.onOpen?.(found, index)
                }}
                onPointerEnter={() => found && props.onHover?.(found)}
              >
                {found === undefined ? (
                  <div className="vcell">
                    <div className="skeleton" style={{ width: 84 }} />
                  </div>
                ) : isNarrow ? (
                  narrow(found)
                ) : (
                  <Cells columns={shown} row={found} index={index} />
                )}
                {found !== undefined && !isNarrow && props.acts && (
                  <div className="vacts">{props.acts(found)}</div>
                )}
              </div>
            )
          })}
        </div>
      )}
    </div>
  )
}

function Cells<Row>({ columns, row, index }: { columns: Column<Row>[]; row: Row; index: number }) {
  return columns.map((column) => (
    <div key={column.key} role="cell" className={`vcell${column.align === "right" ? " r" : ""}`}>
      {column.cell(row, index)}
    </div>
  ))
}

function Head<Row>({ column }: { column: Column<Row> }) {
  const { sorted, onSort, head } = column
  const Arrow = sorted === "down" ? ArrowDown : ArrowUp
  const inside = (
    <>
      {head}
      {sorted && <Arrow size={12} />}
    </>
  )
  const className = `vcell${sorted ? " sorted" : ""}${column.align === "right" ? " r" : ""}`
  const order = sorted === undefined ? undefined : sorted === "down" ? "descending" : "ascending"
  return (
    <div role="columnheader" className={className} aria-sort={order}>
      {onSort ? (
        <button type="button" className="plain row" style={{ gap: 4 }} onClick={onSort}>
          {inside}
        </button>
      ) : (
        <span className="row" style={{ gap: 4, display: "inline-flex" }}>
          {inside}
        </span>
      )}
    </div>
  )
}

/** Width of an element, kept as it changes; 0 before it is known. */
export function useWidth(of: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = of.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width))
    observer.observe(element)
    return () => observer.disconnect()
  }, [of])
  return width
}
