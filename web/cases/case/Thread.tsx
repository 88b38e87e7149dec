import type { CaseEntryView, CaseView } from "../../../src/api/contract/cases.ts"
import { At } from "../../thread/Message.tsx"
import { Thread } from "../../thread/Thread.tsx"
import { useNow } from "../../time/now.ts"
import { useWords } from "../../words/words.ts"
import { useUndo } from "../queries.ts"
import { useEntry } from "./entries.ts"

/** What happened to a case and what was said about it. */
export function CaseThread({
  each,
  asking,
  onAsk,
}: {
  each: CaseView
  asking: boolean
  onAsk(asking: boolean): void
}) {
  return (
    <Thread
      of={{ about: "cases", number: each.number }}
      happened={each.log.map((entry) => ({
        key: entry.id,
        at: entry.at,
        drawn: <Entry each={each} entry={entry} />,
      }))}
      asking={asking}
      onAsk={onAsk}
    />
  )
}

function Entry({ each, entry }: { each: CaseView; entry: CaseEntryView }) {
  const { t } = useWords()
  const sentence = useEntry()
  const undo = useUndo()
  const canUndo = useNow(60_000) < Date.parse(entry.undoableUntil ?? "1970-01-01")
  const { what, said } = sentence(entry)
  return (
    <div className={said ? "thread-message" : "thread-entry"}>
      <i />
      <div className="grow">
        <div className="row">
          <span className="grow">{what}</span>
          {canUndo && (
            <button
              type="button"
              className="link s"
              onClick={() => undo.mutate({ id: each.number, entry: entry.id })}
            >
              {t("case.undo")}
            </button>
          )}
          <At at={entry.at} />
        </div>
        {said && <p>{said}</p>}
      </div>
    </div>
  )
}
