import { Button } from "antd"
import { CircleDashed, Lock, type LucideIcon, TriangleAlert } from "lucide-react"
import type { ReactNode } from "react"
import { NoTable } from "../../src/files/table.ts"
import { ProblemError } from "../client.ts"
import { hasWords, useWords } from "../words/words.ts"

type Props = {
  icon?: LucideIcon
  title: ReactNode
  children?: ReactNode
  act?: { label: string; onPress: () => void } | undefined
}

/** What stands where content would: what, what it means, the next step (LOOK §9). */
export function EmptyState({ icon: Icon = CircleDashed, title, children, act }: Props) {
  return (
    <div className="empty">
      <Icon size={20} strokeWidth={1.75} />
      <b>{title}</b>
      {children && <span>{children}</span>}
      {act && (
        <Button size="small" onClick={act.onPress}>
          {act.label}
        </Button>
      )}
    </div>
  )
}

/** What an error means in words of this language; the server's own sentence where there are none. */
export function useProblem(): (error: unknown) => { title: string; mend: string } {
  const { t } = useWords()
  return (error) => {
    if (error instanceof ProblemError && !hasWords(`problems.${error.code}.title`))
      return { title: error.problem.title, mend: error.problem.detail ?? "" }
    const code = error instanceof ProblemError || error instanceof NoTable ? error.code : "internal"
    return { title: t(`problems.${code}.title`), mend: t(`problems.${code}.mend`) }
  }
}

/** What went wrong and how to mend it; a "no" for want of a role is drawn as such. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useWords()
  const problem = useProblem()
  if (error instanceof ProblemError && error.code === "forbidden") return <ForbiddenState />
  const { title, mend } = problem(error)
  return (
    <EmptyState
      icon={TriangleAlert}
      title={title}
      act={onRetry && { label: t("marks.retry"), onPress: onRetry }}
    >
      {mend}
    </EmptyState>
  )
}

/** Who may see this, and that one can ask; `act` leads on where nothing else on the page does. */
export function ForbiddenState({ who, act }: { who?: string; act?: Props["act"] }) {
  const { t } = useWords()
  return (
    <EmptyState icon={Lock} title={t("marks.forbidden.title")} act={act}>
      {who ?? t("marks.forbidden.mend")}
    </EmptyState>
  )
}

/** Bars of the height of what is being loaded, after 120 ms, without shimmer. */
export function Skeleton({
  rows = 8,
  height = 36,
  widths = [84, 80, 160],
}: {
  rows?: number
  height?: number
  widths?: number[]
}) {
  return (
    <div role="status" aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a skeleton are all the same
          key={row}
          className="row"
          style={{ height, gap: 24, padding: "0 20px", borderBottom: "1px solid var(--line2)" }}
        >
          {widths.map((width, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: and so are its bars
            <div key={i} className="skeleton" style={{ width }} />
          ))}
        </div>
      ))}
    </div>
  )
}
