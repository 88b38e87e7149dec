import { Button, Checkbox, Input, Select } from "antd"
import { useEffect, useRef, useState } from "react"
import { Link } from "react-router"
import type { OwnWork } from "../../src/api/contract/handovers.ts"
import type { WorkRow } from "../../src/api/contract/work.ts"
import { useDepartmentName } from "../cases/names.ts"
import { EmptyState, useProblem } from "../marks/Blank.tsx"
import { Countdown } from "../marks/Countdown.tsx"
import { msOf } from "../marks/states.ts"
import { sayShort } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { hasWords, useWords } from "../words/words.ts"
import { useHandoverActs, useKeepDraft } from "./queries.ts"

const keepAfterMs = 800

/** What I have in hand, a word for each and for all; what is typed is kept, so that one can go on later. */
export function OwnWorkPart({ own, primary }: { own: OwnWork; primary: boolean }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const problem = useProblem()
  const departmentName = useDepartmentName()
  const { give } = useHandoverActs()
  const { mutate: keep, data: kept } = useKeepDraft()
  const [note, setNote] = useState(own.draft?.note ?? "")
  const [notes, setNotes] = useState<Record<string, string>>(own.draft?.notes ?? {})
  const [staying, setStaying] = useState<ReadonlySet<string>>(new Set())
  const [department, setDepartment] = useState(own.department)
  const typed = useRef(false)
  useEffect(() => {
    if (!typed.current || department === null) return
    const timer = setTimeout(() => keep({ department, note, notes }), keepAfterMs)
    return () => clearTimeout(timer)
  }, [department, note, notes, keep])
  const given = own.items.filter(({ id }) => !staying.has(id))
  const failed = give.error ? problem(give.error) : null
  if (own.items.length === 0)
    return (
      <section className="given">
        <EmptyState title={t("handover.none")}>{t("handover.noneMeans")}</EmptyState>
      </section>
    )
  const send = () => {
    if (department === null) return
    const id = kept?.id ?? own.draft?.id
    give.mutate(
      { department, note, notes, keep: [...staying], ...(id ? { id } : {}) },
      {
        onSuccess: () => {
          typed.current = false
          setNote("")
          setNotes({})
          setStaying(new Set())
        },
      },
    )
  }
  return (
    <section className="given" aria-label={t("handover.own")}>
      <header className="row">
        <span className="grow">
          <h2>
            {t("handover.own")} <span className="t3">{own.items.length}</span>
          </h2>
          <span className="t3 s">
            {own.next.length > 0
              ? t("handover.next", {
                  names: own.next
                    .map(({ name, from }) =>
                      Date.parse(from) > now
                        ? `${name} ${sayShort(Date.parse(from), now, { language, zone })}`
                        : name,
                    )
                    .join(t("line.and")),
                })
              : t("handover.nobodyNext")}
          </span>
        </span>
        {own.departments.length > 1 && (
          <Select
            size="small"
            variant="filled"
            aria-label={t("roster.department")}
            value={department}
            onChange={setDepartment}
            options={own.departments.map((id) => ({ value: id, label: departmentName(id) }))}
          />
        )}
        <Button
          type={primary ? "primary" : "default"}
          disabled={given.length === 0 || department === null}
          loading={give.isPending}
          onClick={send}
        >
          {t("handover.give", { n: given.length })}
        </Button>
      </header>
      <Input.TextArea
        autoSize={{ minRows: 2, maxRows: 6 }}
        placeholder={t("handover.noteAll")}
        aria-label={t("handover.noteAll")}
        value={note}
        onChange={({ target }) => {
          typed.current = true
          setNote(target.value)
        }}
      />
      {failed && (
        <p className="over s" role="alert">
          {failed.title} {failed.mend}
        </p>
      )}
      <ul className="handover-items">
        {own.items.map((row) => (
          <Row
            key={row.id}
            row={row}
            note={notes[row.id] ?? ""}
            stays={staying.has(row.id)}
            onNote={(text) => {
              typed.current = true
              setNotes((before) => ({ ...before, [row.id]: text }))
            }}
            onStay={(stays) =>
              setStaying((before) => {
                const next = new Set(before)
                stays ? next.add(row.id) : next.delete(row.id)
                return next
              })
            }
          />
        ))}
      </ul>
    </section>
  )
}

type RowProps = {
  row: WorkRow
  note: string
  stays: boolean
  onNote(text: string): void
  onStay(stays: boolean): void
}

function Row({ row, note, stays, onNote, onStay }: RowProps) {
  const { t, read } = useWords()
  const what = [`case.owed.${row.what}`, `work.what.${row.what}`].find(hasWords)
  return (
    <li className={stays ? "gone" : ""}>
      <span className="left">
        <Countdown state={row.state === "running" ? "calm" : row.state} dueAt={msOf(row.dueAt)} />
      </span>
      <span className="grow">
        <Link to={row.link}>{row.number || t("handover.kind.other")}</Link>{" "}
        <b className="m">{what ? t(what) : ""}</b> <span className="t2">{read(row.title)}</span>
      </span>
      <Input
        size="small"
        variant="filled"
        className="handover-word"
        maxLength={500}
        disabled={stays}
        placeholder={t("handover.noteOne")}
        aria-label={`${t("handover.noteOne")} ${row.number}`}
        value={note}
        onChange={({ target }) => onNote(target.value)}
      />
      <Checkbox checked={stays} onChange={({ target }) => onStay(target.checked)}>
        {t("handover.stays")}
      </Checkbox>
    </li>
  )
}
