namespace Datamodels.Regression;

/// <summary>
/// The columns that coordinate descent goes round, with their part of the Gram matrix copied together so that a sweep
/// reads little memory, in one piece. Grows only, until it is cleared; once it would hold a third of all columns it becomes
/// all of them and uses the Gram matrix itself. Takes at most 4 (n / 3)^2 bytes.
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

    /// <summary>Whether the set is all columns, in their order.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Number of columns in the set.</summary>
    public int Count { get; private set; }

    /// <summary>The columns, in order of arrival, <c>[Count]</c>.</summary>
    public ReadOnlySpan<int> Columns => _columns.AsSpan(0, Count);

    /// <summary>
    /// Length of a <see cref="Row"/>: <see cref="Count"/>, rounded up to whole vectors unless the set is whole.
    /// </summary>
    public int RowLength => IsWhole ? Count : (Count + 7) & ~7;

    /// <summary>
    /// Counts of the column at place <paramref name="place"/> with every column of the set, <c>[RowLength]</c>; what stands
    /// past <see cref="Count"/> means nothing.
    /// </summary>
    public ReadOnlySpan<int> Row(int place) => IsWhole ? gram.Row(place) : _counts.AsSpan(place * _stride, RowLength);

    /// <summary>Whether column <paramref name="column"/> is in the set.</summary>
    public bool Contains(int column) => _contains[column];

    /// <summary>Empties the set; keeps its memory.</summary>
    public void Clear()
    {
        Count = 0;
        IsWhole = false;
        _contains.AsSpan().Clear();
    }

    /// <summary>Adds columns that are not in the set yet.</summary>
    public void Add(ReadOnlySpan<int> columns)
    {
        int before = Count;
        if (3 * (before + columns.Length) > gram.ColumnCount)
        {
            TakeAll();
            return;
        }

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

    private void TakeAll()
    {
        Count = gram.ColumnCount;
        IsWhole = true;
        _contains.AsSpan().Fill(true);
        for (int j = 0; j < Count; j++)
        {
            _columns[j] = j;
        }
    }

    private void Reserve(int count)
    {
        if (count <= _stride)
        {
            return;
        }

        int lines = (Math.Max(count, Math.Min(2 * _stride, gram.ColumnCount / 3)) + Line - 1) / Line;
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
