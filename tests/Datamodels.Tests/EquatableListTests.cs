using System.Globalization;
using Xunit;

namespace Datamodels.Tests;

public sealed class EquatableListTests
{
    [Fact]
    public void Lists_of_the_same_elements_are_equal()
    {
        EquatableList<int> list = [1, 2, 3];
        EquatableList<int> same = [1, 2, 3];
        Assert.Equal(list, same);
        Assert.Equal(list.GetHashCode(), same.GetHashCode());
        Assert.False(list.Equals([1, 3, 2]));
        Assert.False(list.Equals([1, 2]));
        Assert.False(list.Equals(null));
    }

    [Fact]
    public void The_elements_are_copied()
    {
        int[] items = [1, 2];
        var list = new EquatableList<int>(items);
        items[0] = 9;
        Assert.Equal(1, list[0]);
    }

    [Fact]
    public void It_is_a_list_that_cannot_be_changed()
    {
        System.Collections.IList list = new EquatableList<int>([3, 1]);
        Assert.Equal(1, list[1]);
        Assert.Equal(1, list.IndexOf(1));
        Assert.Contains(3, list.Cast<int>());
        int[] copy = new int[3];
        list.CopyTo(copy, 1);
        Assert.Equal([0, 3, 1], copy);
        Assert.Throws<NotSupportedException>(() => list[0] = 2);
        Assert.Throws<NotSupportedException>(() => list.Add(2));
        Assert.Throws<NotSupportedException>(list.Clear);
    }

    [Fact]
    public void Elements_with_blanks_are_printed_apart()
    {
        Assert.Equal("cat dog", new EquatableList<string>(["cat", "dog"]).ToString());
        Assert.Equal("conv 8 3x3, relu", new EquatableList<string>(["conv 8 3x3", "relu"]).ToString());
    }

    [Fact]
    public void Numbers_are_printed_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        commas.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = commas;
        try
        {
            Assert.Equal("0,5", $"{0.5}");
            Assert.Equal("0.5 -2 1E-09", new EquatableList<double>([0.5, -2, 1e-9]).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal("a b", new EquatableList<string>(["a", "b"]).ToString());
        Assert.Equal("", new EquatableList<int>([]).ToString());
    }
}
