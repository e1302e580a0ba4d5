using System.Collections;
using System.Management.Automation;
using Datamodels.Subsets;

namespace Datamodels.PowerShell;

/// <summary>
/// Takes one list of integers as well as several: <c>1, 2, 3</c> is one, <c>(1, 2), (3, 4)</c> are two. PowerShell alone would
/// make three lists of the first.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IntegerListsAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether a <see cref="Mask"/> is taken for the list of its bits.</summary>
    public bool TakesMasks { get; init; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = Plain(inputData);
        if (input is not (IEnumerable or Mask or IConvertible))
        {
            // Something from the pipe that may be for another parameter.
            return inputData;
        }

        object?[] items = input is IEnumerable and not string ? [.. Items(input)] : [input];
        return items.Length > 0 && items.All(item => item is Mask or (IEnumerable and not string))
            ? items.Select(List).ToArray()
            : new[] { List(items) };
    }

    private static object? Plain(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped
        ? wrapped.BaseObject
        : value;

    private static IEnumerable<object?> Items(object list) => ((IEnumerable)list).Cast<object?>().Select(Plain);

    private int[] List(object? list) => list is Mask mask && TakesMasks
        ? [.. Enumerable.Range(0, mask.Length).Select(i => mask[i] ? 1 : 0)]
        : list is IEnumerable and not string
            ? [.. Items(list).Select(Integer)]
            : throw NotIntegers(list);

    // A fraction is not rounded to an index that nobody gave.
    private static int Integer(object? item) =>
        LanguagePrimitives.TryConvertTo(item, out double number) && item is not null && number == Math.Floor(number)
            && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw NotIntegers(item);

    private static ArgumentTransformationMetadataException NotIntegers(object? found) => new(
        $"'{found}' is not an integer; expected a list of them, such as 1, 2, 3, or several, such as (1, 2), (3, 4).");
}
