import type { UseMutationResult } from "@tanstack/react-query"
import { Button, Upload } from "antd"
import { Download, FileUp } from "lucide-react"
import type { ReactNode } from "react"
import { useWords } from "../words/words.ts"
import { useProblem } from "./Blank.tsx"
import { Dialog } from "./Dialog.tsx"
import { readTable } from "./readTable.ts"
import "./tableDialog.css"

/** What is sent of a table: its cells, and whether it is to be carried out or only looked through. */
export type TableSent = { table: Promise<string[][]>; carryOut: boolean }
type Problem = { row: number; column: number; problem: string; text: string }
const problemsShown = 12

/**
 * Something taken in from a table: a template to fill in, then what was read (`children`) and which cells could not be, and only
 * then the button that carries it out.
 */
export function TableDialog({
  title,
  means,
  width,
  template,
  read,
  take,
  done,
  problemOf,
  children,
  onClose,
}: {
  title: string
  means: string
  width: number
  template: { label: string; onPress: () => void }
  read: UseMutationResult<{ problems: Problem[]; done: unknown }, Error, TableSent>
  /** the button that carries it out, and how many things it takes in */
  take: { label: string; n: number }
  done: string
  problemOf: (problem: Problem) => string
  children: ReactNode
  onClose: () => void
}) {
  const { t } = useWords()
  const problem = useProblem()
  const problems = read.data?.problems ?? []
  const failed = read.error && problem(read.error)
  return (
    <Dialog
      open
      width={width}
      title={title}
      onCancel={onClose}
      footer={
        read.data?.done ? (
          <Button type="primary" onClick={onClose}>
            {done}
          </Button>
        ) : (
          <Button
            type="primary"
            disabled={take.n === 0 || problems.length > 0}
            loading={read.isPending}
            onClick={() => read.variables && read.mutate({ ...read.variables, carryOut: true })}
          >
            {take.label}
          </Button>
        )
      }
    >
      <p className="t2">{means}</p>
      <div className="row acts" style={{ gap: 8, marginTop: 10 }}>
        <Upload
          accept=".xlsx,.csv"
          showUploadList={false}
          beforeUpload={(file) => {
            read.mutate({ table: readTable(file), carryOut: false })
            return false
          }}
        >
          <Button size="small" icon={<FileUp size={14} />}>
            {t("marks.table.choose")}
          </Button>
        </Upload>
        <Button size="small" icon={<Download size={14} />} onClick={template.onPress}>
          {template.label}
        </Button>
      </div>
      {failed && (
        <p className="table-problems" role="alert">
          {failed.title} {failed.mend}
        </p>
      )}
      {problems.length > 0 && (
        <ul className="table-problems">
          {problems.slice(0, problemsShown).map((each) => (
            <li key={`${each.row} ${each.column} ${each.problem}`}>
              {t("marks.table.at", { row: each.row + 1, column: each.column + 1 })} {problemOf(each)}
            </li>
          ))}
          {problems.length > problemsShown && (
            <li>{t("marks.table.more", { n: problems.length - problemsShown })}</li>
          )}
        </ul>
      )}
      {children}
    </Dialog>
  )
}
