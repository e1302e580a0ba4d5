using System.Text.RegularExpressions;

namespace Datamodels.Data;

/// <summary>Which of the sets a file or an array belongs to.</summary>
internal enum NamedSet
{
    /// <summary>Its name does not say.</summary>
    Unnamed,

    /// <summary>The training set.</summary>
    Train,

    /// <summary>The test set.</summary>
    Test,

    /// <summary>A validation set, which has no use here.</summary>
    Validation,
}

/// <summary>What an array holds.</summary>
internal enum NamedRole
{
    /// <summary>Its name does not say.</summary>
    Unnamed,

    /// <summary>The features of the examples.</summary>
    Features,

    /// <summary>Their labels.</summary>
    Labels,

    /// <summary>Which of them are test examples.</summary>
    Split,
}

/// <summary>
/// What the words in the name of a file or an array say: <c>x_train</c>, <c>test_batch.bin</c>, <c>t10k-labels-idx1-ubyte</c>.
/// </summary>
/// <param name="Set">Which set.</param>
/// <param name="Role">What it holds.</param>
/// <param name="Rest">The other words; features and labels that have these and the set in common belong together.</param>
internal readonly partial record struct NameWords(NamedSet Set, NamedRole Role, string Rest)
{
    /// <summary>The names of arrays that are understood, for errors.</summary>
    public const string Expected =
        "features (or x, images, data) and labels (or y, label, target, targets), for two sets with train and test, such as "
        + "x_train, y_train, x_test, y_test; a split of one set is named split";

    /// <summary>Takes the words of a name, which anything but letters and digits keeps apart, letter case aside.</summary>
    public static NameWords Of(string name)
    {
        NamedSet set = NamedSet.Unnamed;
        NamedRole role = NamedRole.Unnamed;
        var rest = new List<string>();
        foreach (Match match in Word().Matches(name.ToLowerInvariant()))
        {
            string word = match.Value;
            if (word is "train" or "training")
            {
                set = NamedSet.Train;
            }
            else if (word is "test" or "t10k")
            {
                set = NamedSet.Test;
            }
            else if (word is "val" or "valid" or "validation")
            {
                set = NamedSet.Validation;
            }
            else if (word is "features" or "x" or "images" or "data")
            {
                role = NamedRole.Features;
            }
            else if (word is "labels" or "y" or "label" or "target" or "targets")
            {
                role = NamedRole.Labels;
            }
            else if (word is "split")
            {
                role = NamedRole.Split;
            }
            else if (!FormatWord().IsMatch(word))
            {
                rest.Add(word);
            }
        }

        return new NameWords(set, role, string.Join(' ', rest));
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^(idx\d?|ubyte|npy|gz)$")]
    private static partial Regex FormatWord();
}
