import { lazy } from "react"
import { Route, Routes } from "react-router"
import { CaseBoard } from "./CaseBoard.tsx"
import { CaseList } from "./CaseList.tsx"

const CasePage = lazy(() => import("./case/page.tsx"))

/** Cases: as a table, as a board, and each on a page of its own. */
export default function CasesPage() {
  return (
    <Routes>
      <Route index element={<CaseList />} />
      <Route path="board" element={<CaseBoard />} />
      <Route path=":number" element={<CasePage />} />
    </Routes>
  )
}
