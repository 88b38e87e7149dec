import { Route, Routes } from "react-router"
import { Archive } from "./Archive.tsx"
import { PrintSheet } from "./PrintSheet.tsx"
import { ReportScreen } from "./ReportScreen.tsx"
import "./report.css"

/** Reports: the archive with its search, one as it is written, and the sheet that is printed. */
export default function ReportPages() {
  return (
    <Routes>
      <Route index element={<Archive />} />
      <Route path=":subject" element={<ReportScreen />} />
      <Route path=":subject/print" element={<PrintSheet />} />
    </Routes>
  )
}
