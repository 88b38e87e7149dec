import { App, Button } from "antd"
import type { WorkRow } from "../../src/api/contract/work.ts"
import { useDepartmentName } from "../cases/names.ts"
import { useProblem } from "../marks/Blank.tsx"
import { Countdown } from "../marks/Countdown.tsx"
import { type MarkState, msOf } from "../marks/states.ts"
import { say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useTake } from "../warnings/queries.ts"
import { hasWords, useWords } from "../words/words.ts"

const markOf = ({ state }: WorkRow): MarkState => (state === "running" ? "calm" : state)

type Props = {
  row: WorkRow
  index: number
  open: boolean
  onOpen(): void
  onChoose(): void
  onAssign(): void
}

/** A thing to do: its time left, what, about what; the open one with its button, a warning is taken where it stands. */
export function Row({ row, index, open, onOpen, onChoose, onAssign }: Props) {
  const { t, language, read } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const departmentName = useDepartmentName()
  const { message } = App.useApp()
  const problem = useProblem()
  const take = useTake()
  const what = [`case.owed.${row.what}`, `work.what.${row.what}`].find(hasWords)
  const dueAt = msOf(row.dueAt)
  const isWarning = row.kind === "warning"
  const takes = () =>
    take.mutate(
      { id: row.id.slice("warning ".length), act: "take" },
      { onError: (error) => void message.warning(problem(error).title) },
    )
  const assigns = row.caseRef?.acts.some((act) => act === "assign" || act === "hand_on") ?? false
  return (
    <article className={open ? "work-row open" : "work-row"} data-work={index}>
      <button type="button" className="plain work-press" onClick={open ? onOpen : onChoose}>
        <Countdown state={markOf(row)} dueAt={dueAt} size={open ? "hero" : "row"} />
        <span className="grow el">
          <b>{what ? t(what) : row.what}</b>{" "}
          <span className="t2">
            {row.count > 1 && !isWarning ? t("work.orders", { n: row.count }) : ""} {read(row.title)}
          </span>
        </span>
        <span className="t3 s nw">{row.number}</span>
      </button>
      {open && (
        <div className="work-open">
          {row.detail && <p className="t2">{read(row.detail)}</p>}
          <p className="t3 s">
            {[
              dueAt === null ? null : t("work.due", { at: say(dueAt, now, { language, zone }) }),
              row.department === null ? null : departmentName(row.department),
              row.person?.name ?? null,
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
          <span className="row work-acts">
            {isWarning && row.taken !== true ? (
              <>
                <Button type="primary" loading={take.isPending} onClick={takes}>
                  {t("warnings.take")}
                </Button>
                <Button onClick={onOpen}>
                  {t("warnings.see", { n: row.count })} <kbd>enter</kbd>
                </Button>
              </>
            ) : (
              <Button type="primary" onClick={onOpen}>
                {what ? t(what) : t("work.open")} <kbd>enter</kbd>
              </Button>
            )}
            {assigns && (
              <Button onClick={onAssign}>
                {t("case.key.assign")} <kbd>e</kbd>
              </Button>
            )}
          </span>
        </div>
      )}
    </article>
  )
}
