import { X } from "lucide-react"
import { useEffect, useRef } from "react"
import { useSearchParams } from "react-router"
import { Countdown } from "../marks/Countdown.tsx"
import { StateIcon } from "../marks/StateIcon.tsx"
import { msOf } from "../marks/states.ts"
import { useWords } from "../words/words.ts"
import { useAlert, useTake } from "./queries.ts"
import { Standing, Taking } from "./Taking.tsx"
import "./warnings.css"

/** Above a list that a card's link opened: which card it is, how its rows stand, and the button that takes it. A link with `take=1` has taken it by being pressed. */
export function AlertStrip({ id }: { id: string }) {
  const { t, read } = useWords()
  const [search, setSearch] = useSearchParams()
  const alert = useAlert(id)
  const { mutate } = useTake()
  const wantsTake = search.get("take") === "1"
  const taken = useRef(false)
  const isTakeable = alert.data?.takeable === true
  useEffect(() => {
    if (!wantsTake || alert.data === undefined || taken.current) return
    taken.current = true
    if (isTakeable) mutate({ id, act: "take" })
    // The address that is sent on must not take it for whoever opens it.
    setSearch((before) => without(before, "take"), { replace: true })
  }, [wantsTake, alert.data, isTakeable, id, mutate, setSearch])
  const clear = (
    <button
      type="button"
      className="icon-button clear"
      aria-label={t("warnings.clear")}
      title={t("warnings.clear")}
      onClick={() => setSearch((before) => without(before, "alert"))}
    >
      <X size={15} />
    </button>
  )
  if (alert.error)
    return (
      <div className="alert-strip row">
        <span className="grow t2">{t("warnings.gone")}</span>
        {clear}
      </div>
    )
  if (!alert.data) return <div className="alert-strip row" aria-busy="true" />
  const { title, firstDueAt, total, open, lost, takeable, takenBy } = alert.data
  return (
    <div className="alert-strip row">
      {firstDueAt && open > 0 ? (
        <Countdown state="near" dueAt={msOf(firstDueAt)} />
      ) : (
        <StateIcon state={lost > 0 ? "over" : "met"} />
      )}
      <span className="grow">
        <b className="text">{title ? read(title) : t("warnings.ended")}</b>
        <span className="row s t3 about">
          <span>{t("warnings.exactly", { n: total.toLocaleString("en") })}</span>
          <Standing warning={alert.data} />
        </span>
      </span>
      {(takeable || takenBy) && <Taking warning={alert.data} primary />}
      {clear}
    </div>
  )
}

function without(search: URLSearchParams, key: string): URLSearchParams {
  const next = new URLSearchParams(search)
  next.delete(key)
  return next
}
