import { useQuery } from "@tanstack/react-query"
import type { ImportView, UndoForecast } from "../../src/api/contract/imports.ts"
import { get } from "../client.ts"
import { ErrorState, Skeleton, useProblem } from "../marks/Blank.tsx"
import { Dialog } from "../marks/Dialog.tsx"
import { useWords } from "../words/words.ts"
import { useImporting } from "./queries.ts"

/** What taking an import back will change, before it does. */
export function Undo({ each, onClose }: { each: ImportView; onClose: () => void }) {
  const { t } = useWords()
  const problem = useProblem()
  const { undo } = useImporting()
  const forecast = useQuery({
    queryKey: ["imports", each.number, "undo"],
    queryFn: () => get<UndoForecast>(`/api/v1/imports/${each.number}/undo`),
    staleTime: 0,
    // What is being taken back has nothing to foretell.
    enabled: !undo.isPending && !undo.isSuccess,
    gcTime: 0,
  })
  const shown = ["orders", "vanishing", "restored", "withdrawn", "casesWithdrawn", "breaches"] as const
  return (
    <Dialog
      open
      title={t("import.undo.title", { n: each.number })}
      okText={t("import.undo.do")}
      cancelText={t("import.back")}
      okButtonProps={{ danger: true, disabled: !forecast.data }}
      confirmLoading={undo.isPending}
      onOk={() => undo.mutate(each.number, { onSuccess: onClose })}
      onCancel={onClose}
    >
      <p className="t2">{each.file}</p>
      {forecast.isPending ? (
        <Skeleton rows={3} />
      ) : forecast.error ? (
        <ErrorState error={forecast.error} />
      ) : (
        <ul className="import-undo">
          {shown
            .filter((name) => name === "orders" || forecast.data[name] > 0)
            .map((name) => (
              <li key={name}>
                <b>{forecast.data[name].toLocaleString("en")}</b>
                <span>{t(`import.undo.${name}`)}</span>
              </li>
            ))}
        </ul>
      )}
      {undo.error && (
        <p className="import-error" role="alert">
          {problem(undo.error).title}
        </p>
      )}
    </Dialog>
  )
}
