namespace Datamodels.Regression;

/// <summary>
/// The columns that coordinate descent goes round, with their part of the Gram matrix copied together so that a sweep
/// reads memory in one piece. Grows only, until it is cleared. Takes 4 |W|^2 bytes at its largest.
/// </summary>
/// <param name="gram">The Gram matrix of all columns.</param>
internal sealed class WorkingSet(Gram gram)
{
    // Rows start on cache lines and their distance is an odd number of them, so that walking down a column does not fall
    // into the same cache sets over and over.
    private const int Line = 16;

    private readonly int[] _columns = new int[gram.ColumnCount];
    private readonly bool[] _contains = new bool[gram.ColumnCount];
    private int[] _counts = [];
    private int _stride;

    /// <summary>Number of columns in the set.</summary>
    public int Count { get; private set; }

    /// <summary><see cref="Count"/> rounded up to whole vectors: the length of a <see cref="Row"/>.</summary>
    public int PaddedCount => (Count + 7) & ~7;

    /// <summary>The columns, in order of arrival, <c>[Count]</c>.</summary>
    public ReadOnlySpan<int> Columns => _columns.AsSpan(0, Count);

    /// <summary>
    /// Counts of the column at place <paramref name="place"/> with every column of the set, <c>[PaddedCount]</c>; what stands
    /// past <see cref="Count"/> means nothing.
    /// </summary>
    public ReadOnlySpan<int> Row(int place) => _counts.AsSpan(place * _stride, PaddedCount);

    /// <summary>Whether column <paramref name="column"/> is in the set.</summary>
    public bool Contains(int column) => _contains[column];

    /// <summary>Empties the set; keeps its memory.</summary>
    public void Clear()
    {
        Count = 0;
        _contains.AsSpan().Clear();
    }

    /// <summary>Adds columns that are not in the set yet.</summary>
    public void Add(ReadOnlySpan<int> columns)
    {
        int before = Count;
        Reserve(before + columns.Length);
        foreach (int column in columns)
        {
            _contains[column] = true;
            _columns[Count++] = column;
        }

        for (int place = before; place < Count; place++)
        {
            ReadOnlySpan<int> source = gram.Row(_columns[place]);
            Span<int> row = _counts.AsSpan(place * _stride, Count);
            for (int other = 0; other < row.Length; other++)
            {
                row[other] = source[_columns[other]];
            }
        }

        // The new columns of the old rows, by symmetry from what was just read.
        for (int other = 0; other < before; other++)
        {
            Span<int> row = _counts.AsSpan(other * _stride, Count);
            for (int place = before; place < row.Length; place++)
            {
                row[place] = _counts[(place * _stride) + other];
            }
        }
    }

    private void Reserve(int count)
    {
        if (count <= _stride)
        {
            return;
        }

        int lines = (Math.Min(Math.Max(count, 2 * _stride), gram.ColumnCount) + Line - 1) / Line;
        int stride = (lines | 1) * Line;
        int[] counts = new int[checked(stride * stride)];
        for (int place = 0; place < Count; place++)
        {
            _counts.AsSpan(place * _stride, Count).CopyTo(counts.AsSpan(place * stride));
        }

        _counts = counts;
        _stride = stride;
    }
}
