import { matrixVerdict } from '../../derive/probe/matrix-verdict.ts'
import type { MatrixResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function matrixText(result: MatrixResult, _style: Style): readonly string[] {
  return [matrixVerdict(result).says]
}
