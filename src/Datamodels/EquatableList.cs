using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Datamodels;

/// <summary>
/// A read-only list that compares by its elements and prints them, so that records holding one compare by value and
/// exported tables show the numbers instead of a type name. As an <see cref="IList"/> it is taken where PowerShell wants an
/// array.
/// </summary>
/// <typeparam name="T">Type of the elements.</typeparam>
/// <param name="items">The elements; copied.</param>
[CollectionBuilder(typeof(EquatableList), nameof(EquatableList.Create))]
public sealed class EquatableList<T>(ReadOnlySpan<T> items) : IReadOnlyList<T>, IList, IEquatable<EquatableList<T>>
{
    private readonly T[] _items = items.ToArray();

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <summary>The elements as a span, <c>[Count]</c>.</summary>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    bool IList.IsFixedSize => true;

    bool IList.IsReadOnly => true;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    object? IList.this[int index]
    {
        get => _items[index];
        set => throw ReadOnly();
    }

    bool IList.Contains(object? value) => ((IList)_items).Contains(value);

    int IList.IndexOf(object? value) => ((IList)_items).IndexOf(value);

    void ICollection.CopyTo(Array array, int index) => _items.CopyTo(array, index);

    int IList.Add(object? value) => throw ReadOnly();

    void IList.Clear() => throw ReadOnly();

    void IList.Insert(int index, object? value) => throw ReadOnly();

    void IList.Remove(object? value) => throw ReadOnly();

    void IList.RemoveAt(int index) => throw ReadOnly();

    /// <inheritdoc/>
    public bool Equals(EquatableList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EquatableList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (T item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <summary>
    /// The elements, separated by blanks, or by commas where one has a blank in it; numbers in the invariant culture, as
    /// PowerShell writes lists.
    /// </summary>
    public override string ToString()
    {
        string?[] texts = [.. _items.Select(item => Convert.ToString(item, CultureInfo.InvariantCulture))];
        return string.Join(texts.Any(text => text?.Contains(' ') == true) ? ", " : " ", texts);
    }

    private static NotSupportedException ReadOnly() => new("The list is read-only.");
}

/// <summary>Makes <see cref="EquatableList{T}"/> from collection expressions.</summary>
public static class EquatableList
{
    /// <summary>A list of the given elements.</summary>
    public static EquatableList<T> Create<T>(ReadOnlySpan<T> items) => new(items);
}
