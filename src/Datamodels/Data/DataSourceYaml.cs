using Datamodels.IO;

namespace Datamodels.Data;

/// <summary>A <see cref="DataSource"/> in a YAML file: keys are its properties in camelCase.</summary>
internal static class DataSourceYaml
{
    /// <summary>The keys of the section.</summary>
    public static string[] Keys { get; } = 
        ["path", "testPath", "header", "labelColumn", "scaling", "trainSize", "testSize", "seed", "imageShape"];

    /// <summary>Those of them that need not be there.</summary>
    public static string[] Optional { get; } = ["testPath", "trainSize", "testSize", "imageShape"];

    /// <summary>Reads a section; a key that is left out has the property's default.</summary>
    /// <param name="section">Made with <see cref="Keys"/>.</param>
    /// <param name="folder">What a relative path starts from.</param>
    public static DataSource Read(YamlSection section, string folder)
    {
        EquatableList<string> Paths(EquatableList<string> texts) => [.. texts.Select(path => Path.GetFullPath(path, folder))];
        double? Size(string key) => section.Has(key)
            ? section.Number(
                key, null, "a fraction inside (0, 1) or a whole number of examples",
                size => size > 0 && (size < 1 || size == Math.Floor(size)))
            : null;
        var source = new DataSource { Path = Paths(section.TextList("path")) };
        return source with
        {
            TestPath = Paths(section.TextList("testPath", source.TestPath)),
            Header = section.Boolean("header", source.Header),
            LabelColumn = section.Text("labelColumn", source.LabelColumn),
            Scaling = section.Name("scaling", source.Scaling),
            TrainSize = Size("trainSize"),
            TestSize = Size("testSize"),
            Seed = section.Seed("seed", source.Seed),
            ImageShape = section.Has("imageShape")
                ? section.Parsed<ImageShape>("imageShape", ImageShape.Expected, ImageShape.TryParse)
                : null,
        };
    }

    /// <summary>Writes every key that is set; those that need not be are <see cref="Optional"/>.</summary>
    public static void Write(YamlWriter section, DataSource source)
    {
        section.TextList("path", source.Path);
        if (source.TestPath.Count > 0)
        {
            section.TextList("testPath", source.TestPath);
        }

        section.Boolean("header", source.Header);
        section.Text("labelColumn", source.LabelColumn);
        section.Text("scaling", source.Scaling.ToString());
        if (source.TrainSize is double trainSize)
        {
            section.Number("trainSize", trainSize);
        }

        if (source.TestSize is double testSize)
        {
            section.Number("testSize", testSize);
        }

        section.Number("seed", source.Seed);
        if (source.ImageShape is ImageShape shape)
        {
            section.Text("imageShape", shape.ToString());
        }
    }
}
