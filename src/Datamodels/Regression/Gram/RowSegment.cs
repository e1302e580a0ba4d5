namespace Datamodels.Regression;

/// <summary>Some rows of a <see cref="BitMatrix"/> that follow one another: a fold, or what is outside it.</summary>
/// <param name="FirstRow">Number of the first row in the matrix.</param>
/// <param name="RowCount">How many rows.</param>
/// <param name="FirstWord">Where they begin in every column; the segment's first row is bit 0 of this word.</param>
/// <param name="WordCount">Words of a column that they take; the bits past the last row are 0.</param>
internal readonly record struct RowSegment(int FirstRow, int RowCount, int FirstWord, int WordCount);
