namespace Datamodels.Kernels;

/// <summary>Writes a matrix with rows and columns exchanged.</summary>
internal static unsafe class Transpose
{
    /// <summary><c>target[column, row] = source[row, column]</c>.</summary>
    /// <param name="source">Row-major, <c>[rows, sourceRow]</c>.</param>
    /// <param name="sourceRow">Floats from row to row of the source.</param>
    /// <param name="target">Row-major, <c>[columns, targetRow]</c>.</param>
    /// <param name="targetRow">Floats from row to row of the target.</param>
    /// <param name="rows">Rows to take.</param>
    /// <param name="columns">Columns to take.</param>
    public static void Copy(float* source, nint sourceRow, float* target, nint targetRow, int rows, int columns)
    {
        for (int column = 0; column < columns; column++, source++, target += targetRow)
        {
            float* from = source;
            for (int row = 0; row < rows; row++, from += sourceRow)
            {
                target[row] = *from;
            }
        }
    }
}
